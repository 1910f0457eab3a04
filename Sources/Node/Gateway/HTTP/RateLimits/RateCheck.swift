import CloudState
import Synchronization

/// Holds one request against the limits of whoever sends it. It counts once, however often it is
/// found out who calls.
final class RateCheck: Sendable {
  private struct Findings {
    var counted: Set<RateLimiter.Subject> = []
    var policies: [QuotaPolicy] = []
    var callerName: String?
    var caller: Caller?
  }

  private let limiter: RateLimiter
  private let client: ClientAddress
  private let findings = Mutex(Findings())

  init(_ limiter: RateLimiter, client: ClientAddress) {
    self.limiter = limiter
    self.client = client
  }

  /// Counts the request for a caller who is known for certain. Operators have no limit.
  ///
  /// - Throws: ``Failure`` if they called too often.
  func admit(_ caller: Caller) throws(Failure) {
    findings.withLock {
      $0.callerName = caller.logName
      $0.caller = caller
    }
    switch caller {
    case .nobody: try admitStranger()
    case .user(let user, _): try count(.user(user.id))
    case .apiKey(let key, _): try count(.apiKey(key.id))
    case .operator: break
    }
  }

  /// Counts the request for its address: whoever shows nothing, or what is worth nothing.
  func admitStranger() throws(Failure) {
    try count(.address(client.network))
  }

  /// Refuses at once whom the credential names if they have nothing left, before anything is asked of
  /// state or cluster. A user's token is signed; that a key is genuine only the state can tell, so
  /// that what it names is not counted yet.
  func admitEarly(_ credential: Credential) throws(Failure) {
    switch credential {
    case .session(_, of: let userID, signedWith: _):
      try count(.user(userID))
    case .apiKey(let secret):
      let key = RateLimiter.Subject.apiKey(secret.id)
      if let (limit, standing) = limiter.standing(of: key), !standing.isAdmitted {
        try judge(key, limit, standing)
      }
    case .none, .adminToken:
      break
    }
  }

  /// Who was found to call, or whom the credential of a refused request names, for the log.
  var callerName: String? { findings.withLock { $0.callerName } }

  /// Who was found to call.
  var caller: Caller? { findings.withLock { $0.caller } }

  /// What is told to the caller in the headers of the answer.
  var policies: [QuotaPolicy] { findings.withLock { $0.policies } }

  private func count(_ subject: RateLimiter.Subject) throws(Failure) {
    guard findings.withLock({ $0.counted.insert(subject).inserted }),
      let (limit, standing) = limiter.take(subject)
    else { return }
    try judge(subject, limit, standing)
  }

  private func judge(
    _ subject: RateLimiter.Subject, _ limit: RateLimit, _ standing: GCRA.Standing
  ) throws(Failure) {
    // Who shares an address is told nothing about the others.
    if let name = subject.name {
      findings.withLock {
        $0.callerName = name
        $0.policies = [QuotaPolicy(limit, standing)]
      }
    }
    guard standing.isAdmitted else {
      throw .rateLimited(retryAfter: max(1, QuotaPolicy.seconds(standing.wait)))
    }
  }
}
