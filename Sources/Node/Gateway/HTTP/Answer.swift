import CloudAPI
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// What a handler answers.
struct Answer: Sendable {
  var status: HTTPResponse.Status
  var mediaType: String?
  var body: [UInt8]
  /// Where the body is made while it is sent: its pieces, in place of `body`. The connection sets the pace.
  var pieces: BodyPieces?
  /// How long the pieces are together, where that is known.
  var length: Int?
  /// What else is said about it.
  var headers = HTTPFields()

  init(status: HTTPResponse.Status, mediaType: String? = nil, body: [UInt8] = []) {
    self.status = status
    self.mediaType = mediaType
    self.body = body
  }

  /// A value as JSON.
  static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Answer {
    Answer(
      status: status, mediaType: "application/json",
      body: Array(try JSONEncoder.cleanCloud.encode(value)))
  }

  /// It will be done, or there was nothing to do; which of the two is not said.
  static let accepted = Answer(status: .accepted)

  /// Done, and there is nothing to say.
  static let noContent = Answer(status: .noContent)

  init(_ failure: Failure, requestID: String) {
    var problem = failure.problem
    problem.requestID = requestID
    do {
      body = Array(try JSONEncoder.cleanCloud.encode(problem))
    } catch {
      preconditionFailure("a problem is made of strings, numbers and dates: \(error)")
    }
    status = HTTPResponse.Status(code: problem.status)
    mediaType = Problem.mediaType
  }

  /// The response; `isHead` leaves the body out and keeps what is said about it (RFC 9110 §9.3.2).
  ///
  /// - Parameter ended: Called once, with the bytes of the body: at once, or for a body that is made while it
  ///   is sent when that has ended, as it should or because the client is gone.
  func response(
    isHead: Bool, ended: @escaping @Sendable (Int) -> Void = { _ in }
  ) -> Response {
    var headers = headers
    if let mediaType { headers[.contentType] = mediaType }
    // RFC 9110 §8.6: no Content-Length with 204; with 304 it would have to be that of 200.
    let isBodiless = status == .noContent || status == .notModified
    if let pieces, !isHead, !isBodiless {
      return Response(
        status: status, headers: headers, body: body(of: pieces, ended: ended))
    }
    ended(body.count)
    if isHead && !isBodiless && pieces == nil { headers[.contentLength] = String(body.count) }
    var response = Response(
      status: status, headers: headers,
      body: isHead || isBodiless
        ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    if isBodiless { response.headers[.contentLength] = nil }
    return response
  }

  private func body(
    of pieces: BodyPieces, ended: @escaping @Sendable (Int) -> Void
  ) -> ResponseBody {
    ResponseBody(contentLength: length) { writer in
      var sent = 0
      do {
        let next = pieces.begin()
        while let piece = try next() {
          try await writer.write(ByteBuffer(bytes: piece))
          sent += piece.count
        }
      } catch {
        ended(sent)
        throw error
      }
      ended(sent)
      try await writer.finish(nil)
    }
  }
}
