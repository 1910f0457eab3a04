import HTTPTypes

/// Pages from where may call the API in a browser.
public enum CrossOrigin: Hashable, Sendable {
  /// Any page.
  case any
  /// Pages of this origin, in the form in which browsers send it (RFC 6454 §6.2).
  case origin(String)

  /// Reads `*`, or a scheme, a host and perhaps a port: `https://app.example.com`.
  public init?(_ text: String) {
    if text == "*" {
      self = .any
      return
    }
    var text = text.lowercased()
    guard let colon = text.range(of: "://"), text.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
    else { return nil }
    let scheme = text[..<colon.lowerBound]
    let authority = text[colon.upperBound...]
    guard !scheme.isEmpty, scheme.allSatisfy({ $0.isLetter || $0.isNumber || "+-.".contains($0) }),
      !authority.isEmpty, !authority.contains(where: { "/?#@*,\"\\".contains($0) })
    else { return nil }
    // Browsers leave out a port that the scheme has anyway.
    for usual in ["http": ":80", "https": ":443"] where scheme == usual.key {
      if text.hasSuffix(usual.value) { text.removeLast(usual.value.count) }
    }
    self = .origin(text)
  }
}

/// The CORS protocol of the Fetch standard: what tells a browser which pages may call.
///
/// Nothing here is a matter of cookies, so credentials mode is never allowed: a page sends its token as
/// `Authorization`, which is a header like others.
struct CORS: Sendable {
  private static let requestHeaders = [
    "Authorization", "Clean-Min-Index", "Content-Encoding", "Content-Type", "Idempotency-Key",
    "If-Match", "If-None-Match", "Prefer", "X-API-Key", "X-Request-Id",
  ].joined(separator: ", ")
  /// Beyond those that any page may see.
  private static let responseHeaders = [
    "Clean-Analysis", "Clean-Fix-Counts", "Clean-Index", "ETag", "Link", "Location", "RateLimit",
    "RateLimit-Policy", "Retry-After",
    "X-Request-Id",
  ].joined(separator: ", ")
  /// For how long a browser need not ask again, in seconds.
  private static let maxAge = "600"

  private let isOpen: Bool
  private let origins: Set<String>

  init(_ allowed: [CrossOrigin]) {
    isOpen = allowed.contains(.any)
    origins = Set(
      allowed.compactMap {
        if case .origin(let origin) = $0 { origin } else { nil }
      })
  }

  /// The answer to a browser that asks before it calls. It asks without credentials.
  ///
  /// - Returns: Nothing if `request` is no such question, or its page may not call.
  func preflight(_ request: APIRequest, methods: [HTTPRequest.Method]) -> Answer? {
    guard request.method == .options, request.headers[.accessControlRequestMethod] != nil,
      let origin = request.headers[.origin], allows(origin)
    else { return nil }
    var answer = Answer.noContent
    answer.headers[.accessControlAllowMethods] = methods.map(\.rawValue).joined(separator: ", ")
    answer.headers[.accessControlAllowHeaders] = Self.requestHeaders
    answer.headers[.accessControlMaxAge] = Self.maxAge
    return answer
  }

  /// Tells the browser whether the page that called may see the answer.
  func describe(_ request: APIRequest, in headers: inout HTTPFields) {
    // Whoever keeps answers must not give one page what was allowed to another.
    if !isOpen && !origins.isEmpty { headers.appendVary("Origin") }
    guard let origin = request.headers[.origin], allows(origin) else { return }
    headers[.accessControlAllowOrigin] = isOpen ? "*" : origin
    headers[.accessControlExposeHeaders] = Self.responseHeaders
  }

  private func allows(_ origin: String) -> Bool { isOpen || origins.contains(origin) }
}

extension HTTPFields {
  /// Names a header of the request that the answer depends on (RFC 9110 §12.5.5).
  mutating func appendVary(_ name: String) {
    self[.vary] = self[.vary].map { "\($0), \(name)" } ?? name
  }
}
