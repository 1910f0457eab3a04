import CloudAPI

/// Why a call did not come to its answer.
public enum CloudError: Error, Equatable, Sendable {
  /// The service answered and refuses.
  case refused(Problem)
  /// No endpoint took the call; nothing was done.
  case unreachable([EndpointFailure])
  /// A write was sent and its answer was lost: it may or may not have been done.
  case outcomeUnknown(EndpointFailure)
  /// Something answered that does not speak this API.
  case invalidResponse(EndpointFailure, requestID: String?)
  /// What was given as an endpoint is not an `http` or `https` URL.
  case invalidEndpoint(String)
  /// The file of trusted certificates cannot be used.
  case unusableCertificates(path: String, reason: String)
  /// The dataset's file cannot be read.
  case unreadableFile(path: String, reason: String)
  /// The task that made the call was cancelled.
  case cancelled
}

extension CloudError {
  /// What the service says, where it is the service that refuses.
  public var problem: Problem? {
    if case .refused(let problem) = self { problem } else { nil }
  }

  /// Why the service refuses, in a word: `error.code == .quotaExceeded`.
  public var code: Problem.Code? { problem?.code }
}

/// What went wrong with one endpoint.
public struct EndpointFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The endpoint's URL.
  public var endpoint: String
  /// What went wrong, in a few words.
  public var reason: String

  /// The reason given when the certificate's signer is not among those that are trusted.
  public static let untrustedCertificate = "its TLS certificate is signed by no trusted authority"

  /// Says what went wrong with `endpoint`.
  public init(endpoint: String, reason: String) {
    self.endpoint = endpoint
    self.reason = reason
  }

  /// The endpoint and what went wrong with it.
  public var description: String { "\(endpoint): \(reason)" }
}

extension CloudError: CustomStringConvertible {
  /// One line: what is wrong and what to do.
  public var description: String {
    switch self {
    case .refused(let problem):
      return problem.message
    case .unreachable(let failures):
      let list = failures.map(\.description).joined(separator: "; ")
      return "no endpoint reachable (\(list)); check the addresses and that a node runs there"
    case .outcomeUnknown(let failure):
      return "the answer of \(failure.endpoint) was lost (\(failure.reason)); the change may or "
        + "may not have been made: look before trying again"
    case .invalidResponse(let failure, let requestID):
      let request = requestID.map { " (request \($0))" } ?? ""
      return "\(failure.endpoint) does not answer like a Clean Cloud node: "
        + "\(failure.reason)\(request); check the address"
    case .invalidEndpoint(let text):
      return "\"\(text)\" is no endpoint; give a URL such as http://127.0.0.1:8000"
    case .unusableCertificates(let path, let reason):
      return "the certificates in \(path) cannot be used: \(reason); give a file in PEM format"
    case .unreadableFile(let path, let reason):
      return "\(path) cannot be read: \(reason)"
    case .cancelled:
      return "cancelled"
    }
  }
}

extension Problem {
  /// One line: the detail (or title), what each field lacks, and the request's ID.
  fileprivate var message: String {
    var message = detail ?? title
    // Of a single field the detail often says it all.
    if let errors, errors.contains(where: { !message.contains($0.message) }) {
      message += " (" + errors.map { "\($0.field): \($0.message)" }.joined(separator: "; ") + ")"
    }
    message += " [\(code.rawValue)"
    if let requestID { message += ", \(requestID)" }
    return message + "]"
  }
}
