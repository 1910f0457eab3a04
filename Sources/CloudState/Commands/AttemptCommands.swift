/// Counts an attempt before anything is done about it. A login that succeeds gives it back.
/// Refused with ``Rejection/rateLimited(until:)`` if there were too many.
public struct CountAttempt: Hashable, Sendable {
  /// At what.
  public var attempt: Attempt
  /// Where it comes from; nothing if that is not known.
  public var network: AttemptSubject?

  /// Proposes an attempt.
  public init(_ attempt: Attempt, from network: AttemptSubject?) {
    self.attempt = attempt
    self.network = network
  }
}

extension CountAttempt: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .countAttempt(self) }
  /// Nothing to tell.
  public static func success(of effect: Effect) -> Void? {
    if case .attemptCounted = effect { () } else { nil }
  }
}
