import CloudState
import Dispatch
import Metrics
import NodeRuntime
import NodeTelemetry

/// Has commands applied by the cluster and tells what became of them.
struct Proposer: Sendable {
  /// How long the cluster may take, a change of leader included.
  private static let patience = Duration.seconds(10)

  static let definitions = [
    MetricDefinition(
      "clean_proposals_total", .counter, help: "Commands proposed, by what became of them."),
    MetricDefinition(
      "clean_proposal_duration_seconds", .histogram,
      help: "Time from a command to its outcome on this node, attempts included."),
  ]

  private let member: any ReplicatedState
  private let accepted: Counter
  private let rejected: Counter
  private let failed: Counter
  private let duration: Timer

  init(member: any ReplicatedState, registry: MetricsRegistry) {
    self.member = member
    registry.define(Self.definitions)
    func counter(_ outcome: String) -> Counter {
      Counter(
        label: "clean_proposals_total", dimensions: [("outcome", outcome)], factory: registry)
    }
    accepted = counter("accepted")
    rejected = counter("rejected")
    failed = counter("failed")
    duration = Timer(label: "clean_proposal_duration_seconds", factory: registry)
  }

  /// The time that commands are stamped with.
  func now() -> Timestamp { member.now() }

  /// Proposes one of the commands of a request.
  ///
  /// - Parameter step: Tells them apart; a repeated request repeats each of them.
  /// - Throws: The command's `Rejection`, or `ConsensusError`.
  func propose<Payload: TypedCommand>(
    _ payload: Payload, in context: CommandContext, step: String = ""
  ) async throws -> Payload.Success {
    try await propose(payload, context.envelope(of: payload.command, step: step, at: now())) {
      if payload.command.isRemembered { context.trace.noteRemembered() }
    }
  }

  /// Proposes a command that stands alone and is not repeated.
  ///
  /// - Throws: The command's `Rejection`, or `ConsensusError`.
  func propose<Payload: TypedCommand>(
    _ payload: Payload, by actor: Actor
  ) async throws -> Payload.Success {
    try await propose(payload, in: CommandContext(actor: actor))
  }

  private func propose<Payload: TypedCommand>(
    _ payload: Payload, _ envelope: CommandEnvelope, isApplied: () -> Void
  ) async throws -> Payload.Success {
    let bytes = try envelope.encoded()
    let start = DispatchTime.now()
    do {
      let applied = try await member.propose(bytes, timeout: Self.patience)
      duration.recordNanoseconds(
        DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds)
      isApplied()
      let outcome = try Outcome(decoding: applied.result)
      if case .accepted(let effect) = outcome, effect.takesRightsAway {
        try await Task.sleep(for: HeldAuthority.commitWait)
      }
      let success = try outcome.value(of: Payload.self)
      accepted.increment()
      return success
    } catch let rejection as Rejection {
      rejected.increment()
      throw rejection
    } catch {
      failed.increment()
      throw error
    }
  }
}

extension Timestamp {
  /// This node's own clock, which may be wrong: for what only this node says and nobody decides by.
  static func now() -> Timestamp {
    Timestamp(milliseconds: ClusterClock.machineTime())
  }
}
