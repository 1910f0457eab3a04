import HTTPTypes

/// How the bytes of a request's body are packed (RFC 9110 §8.4).
enum ContentCoding: String, CaseIterable, Sendable {
  case identity, gzip, zstd

  /// The codings that a client may use, as `Accept-Encoding` of a 415 says them
  /// (RFC 9110 §12.5.3).
  static let accepted = allCases.filter { $0 != .identity }.map(\.rawValue).joined(separator: ", ")

  /// What the headers of a request say.
  ///
  /// - Throws: ``Failure`` for an unknown coding, and for several on top of each other: each would
  ///   multiply what a small body can become.
  init(_ headers: HTTPFields) throws(Failure) {
    let names = headers[values: .contentEncoding]
      .flatMap { $0.split(separator: ",") }
      .map { String($0).trimmingSpaces().lowercased() }
      .filter { !$0.isEmpty }
    switch names {
    case []: self = .identity
    // RFC 9110 §8.4.1.3: the old name means the same.
    case ["x-gzip"]: self = .gzip
    default:
      guard names.count == 1, let coding = Self(rawValue: names[0]) else {
        throw .unsupportedContentCoding()
      }
      self = coding
    }
  }
}

extension APIRequest {
  /// How the body is packed.
  var contentCoding: ContentCoding {
    get throws(Failure) { try ContentCoding(headers) }
  }
}
