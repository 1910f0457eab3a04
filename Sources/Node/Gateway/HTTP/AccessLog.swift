import Logging

/// A line in the log for each request: who called what, from where, and how it went.
///
/// No secret gets into it: headers are not logged but for the user agent, bodies and queries not at all,
/// and what looks like a credential in a path is blotted out.
struct AccessLog: Sendable {
  private static let maxPath = 256
  private static let maxUserAgent = 128
  /// How credentials begin; `cla_` are admin tokens that a node has made, `eyJ` JSON Web Tokens.
  private static let secretPrefixes =
    [APIKeySecret.prefix, RefreshToken.prefix, "cla_", "eyJ"]
    + OneTimeToken.Purpose.allCases.map(\.rawValue)

  let logger: Logger

  /// - Parameter bytes: Those of the answer's body.
  func note(_ record: RequestRecord, bytes: Int, _ request: APIRequest, _ failure: Failure?) {
    // Probes come every second and say nothing new.
    let level: Logger.Level =
      record.status >= 500 ? .warning : record.isObservation ? .debug : .info
    guard logger.logLevel <= level else { return }
    var metadata: Logger.Metadata = [
      "request_id": "\(request.id)", "address": "\(request.address)",
      "method": "\(request.method.rawValue.prefix(32))", "path": "\(Self.shown(request.path))",
      "route": "\(record.template)", "status": .stringConvertible(record.status),
      "duration_ms": .stringConvertible(Double(record.nanoseconds / 1000) / 1000),
      "bytes": .stringConvertible(bytes),
    ]
    if let agent = request.headers[.userAgent] {
      metadata["user_agent"] = "\(agent.prefix(Self.maxUserAgent))"
    }
    if let caller = request.rate.callerName { metadata["caller"] = "\(caller)" }
    if let code = failure?.problem.code { metadata["code"] = "\(code.rawValue)" }
    logger.log(level: level, "request", metadata: metadata)
  }

  /// An error that is no answer to anything the caller did.
  func note(_ error: any Error, _ request: APIRequest) {
    logger.error(
      "request failed",
      metadata: [
        "request_id": "\(request.id)", "path": "\(Self.shown(request.path))", "error": "\(error)",
      ])
  }

  /// A path as it may stand in a log.
  static func shown(_ path: String) -> String {
    path.prefix(maxPath).split(separator: "/", omittingEmptySubsequences: false)
      .map { part in secretPrefixes.contains(where: part.hasPrefix) ? "***" : part }
      .joined(separator: "/")
  }
}
