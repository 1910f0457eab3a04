/// A request whose outcome the state remembers.
public struct RememberedRequest: Sendable {
  /// What a repetition must be equal in.
  public var fingerprint: RequestFingerprint?
  /// What its secrets were made of.
  public var salt: RequestSalt?
  /// What it was answered with, if that was recorded.
  public var answer: RecordedAnswer?
}

extension StateView {
  /// What is remembered under a request's identifier.
  public func rememberedRequest(_ id: RequestID) throws -> RememberedRequest? {
    guard let known = try RequestTable(connection: connection).request(id) else { return nil }
    let outcome = try Outcome(decoding: known.outcome)
    var answer: RecordedAnswer?
    if case .accepted(.answerRecorded(let recorded)) = outcome { answer = recorded }
    return RememberedRequest(fingerprint: known.fingerprint, salt: known.salt, answer: answer)
  }
}
