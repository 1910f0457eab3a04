import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes

extension APIRequest {
  /// The most bytes of JSON in a request.
  private static let jsonLimit = 64 << 10

  /// Reads a JSON body, or nothing if there is no body. The limit is on what it unpacks to.
  ///
  /// - Parameter time: How long it may take to arrive.
  func jsonBody(within time: Duration) async throws -> [UInt8] {
    if let contentLength, contentLength > Self.jsonLimit { throw Self.jsonTooLarge }
    if contentLength == nil && headers[.transferEncoding] == nil || contentLength == 0 { return [] }
    guard mediaType == "application/json" else {
      throw Failure.unsupportedMediaType("the body must be application/json")
    }
    let coding = try contentCoding
    await continueIfExpected()
    return try await withDeadline(time) {
      let decoder = try BodyDecoder(coding)
      var bytes: [UInt8] = []
      var received = 0
      for try await chunk in body {
        received += chunk.readableBytes
        guard received <= Self.jsonLimit else { throw Self.jsonTooLarge }
        try chunk.withUnsafeReadableBytes { piece in
          try decoder.decode(piece) { unpacked in
            guard bytes.count + unpacked.count <= Self.jsonLimit else { throw Self.jsonTooLarge }
            bytes.append(contentsOf: unpacked)
          }
        }
      }
      if let contentLength, received < contentLength { throw ClientGone() }
      try decoder.finish()
      return bytes
    }
  }

  private static var jsonTooLarge: Failure {
    .tooLarge("the body may have at most \(jsonLimit) bytes")
  }

  /// Tells a client that waits for it to send its body (RFC 9110 §10.1.1). It comes after the
  /// request was found worth it, so that what is refused is not uploaded.
  func continueIfExpected() async {
    guard headers[.expect]?.lowercased() == "100-continue" else { return }
    // If the client is gone, reading the body will tell.
    try? await channel.writeAndFlush(HTTPResponsePart.head(HTTPResponse(status: .continue)))
  }
}

/// The client closed the connection before the request was complete or answered.
struct ClientGone: Error {}
