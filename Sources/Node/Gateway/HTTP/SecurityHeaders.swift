import HTTPTypes

/// What keeps a browser from doing with an answer what it is not for. Every answer has these.
enum SecurityHeaders {
  /// Pages load what this node serves and nothing else, and nobody frames them.
  private static let pagePolicy =
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; "
    + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
  /// Data are never a page.
  private static let dataPolicy = "default-src 'none'; frame-ancestors 'none'"

  /// Adds the headers; what a handler has set itself stays.
  static func add(to headers: inout HTTPFields) {
    let isPage = headers[.contentType]?.lowercased().hasPrefix("text/html") ?? false
    let usual: [(HTTPField.Name, String)] = [
      (.contentTypeOptions, "nosniff"),
      (.contentSecurityPolicy, isPage ? pagePolicy : dataPolicy),
      (.frameOptions, "DENY"),
      // Paths name tenants' things.
      (.referrerPolicy, "no-referrer"),
      // Other origins may call by CORS only, not embed.
      (.crossOriginResourcePolicy, "same-origin"),
    ]
    for (name, value) in usual where headers[name] == nil { headers[name] = value }
    if isPage && headers[.crossOriginOpenerPolicy] == nil {
      headers[.crossOriginOpenerPolicy] = "same-origin"
    }
  }
}

extension HTTPField.Name {
  static let contentTypeOptions = Self("X-Content-Type-Options")!
  static let frameOptions = Self("X-Frame-Options")!
  static let referrerPolicy = Self("Referrer-Policy")!
  static let crossOriginOpenerPolicy = Self("Cross-Origin-Opener-Policy")!
}
