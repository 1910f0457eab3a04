import CloudState
import Synchronization

/// What all commands of one request have in common.
struct CommandContext: Sendable {
  /// On whose behalf they are proposed.
  var actor: Actor
  /// Where the audit log says that they came from.
  var origin = Origin.unknown
  /// Where everything random about them comes from.
  var seed = RequestSeed()
  /// What a repetition must be equal in; nothing where there is none.
  var fingerprint: RequestFingerprint?
  /// The key that signed the access token that was shown, if it was one.
  var signingKeyID: String?
  /// What became of them.
  let trace = ProposalTrace()

  func envelope(of command: Command, step: String, at now: Timestamp) -> CommandEnvelope {
    CommandEnvelope(
      requestID: seed.requestID(for: step), stampedAt: now, actor: actor,
      retention: fingerprint == nil ? .retry : .idempotencyKey, origin: origin,
      fingerprint: fingerprint, salt: seed.salt, signingKeyID: signingKeyID, command: command)
  }
}

/// Whether the state remembers something that was proposed for a request.
final class ProposalTrace: Sendable {
  private let remembered = Atomic(false)

  var isRemembered: Bool { remembered.load(ordering: .relaxed) }

  func noteRemembered() { remembered.store(true, ordering: .relaxed) }
}
