public import CloudState
public import Logging
import NodeRuntime
public import NodeTelemetry
public import ServiceLifecycle
import Synchronization

/// What a node tells the cluster by itself, now and then: which keys were used, whom it denied what, and, if it
/// leads, that what is due shall be removed.
public final class Upkeep: Service {
  private static let houseInterval = Duration.seconds(1)
  /// Tells of uses and denials every so many intervals.
  private static let tellsEvery = 10

  /// Where the API notes the use of keys.
  let keyUses = KeyUses()
  /// Where it notes calls that it denied.
  let denials = Denials.ofCalls()
  /// Where it notes attempts that failed.
  let attempts = Denials.ofAttempts()

  private let member: any ReplicatedState
  private let state: StateSource
  private let proposer: Proposer
  private let actor: Actor
  private let logger: Logger
  /// Denials that may have been told of: they are told under the same name until it is known.
  private let telling = Mutex<(commands: CommandContext, denials: [Denial])?>(nil)

  /// - Parameter nodeName: In whose name it is told.
  public init(
    member: any ReplicatedState, state: StateReader, nodeName: String, metrics: MetricsRegistry,
    logger: Logger
  ) {
    self.member = member
    self.state = StateSource(reader: state, threads: 1)
    proposer = Proposer(member: member, registry: metrics)
    actor = .node(name: nodeName)
    self.logger = logger
  }

  /// Goes on until the shutdown, and tells once more of uses then.
  public func run() async throws {
    do {
      try await cancelWhenGracefulShutdown { [self] in
        var round = 0
        while true {
          try await Task.sleep(for: Self.houseInterval)
          round += 1
          await attempt("keep house") { try await keepHouse() }
          guard round % Self.tellsEvery == 0 else { continue }
          await attempt("tell of keys") { try await tellUses() }
          await attempt("tell of denials") { try await tellDenials() }
        }
      }
    } catch is CancellationError {
      await attempt("tell of keys") { try await tellUses() }
      await attempt("tell of denials") { try await tellDenials(isLast: true) }
    }
  }

  /// Removes all that is due, in steps, if this node leads: one of them is enough.
  func keepHouse() async throws {
    let view = member.clusterView()
    guard view.leader == view.id else { return }
    while try await state.read({ [member] view in try view.houseIsDue(at: member.now()) }) {
      let command = KeepHouse()
      let removed = try await proposer.propose(command, by: actor)
      if removed < command.limit { return }
    }
  }

  /// What cannot be told is lost: it is a convenience, and the next use is noted again.
  func tellUses() async throws {
    let uses = keyUses.take()
    guard !uses.isEmpty else { return }
    _ = try await proposer.propose(NoteKeyUse(uses: uses), by: actor)
  }

  /// Tells once of each, however often the cluster does not answer.
  func tellDenials(at now: Timestamp? = nil, isLast: Bool = false) async throws {
    let now = now ?? member.now()
    try await tell(denials, at: now, isLast: isLast)
    try await tell(attempts, at: now, isLast: isLast)
  }

  private func tell(_ denials: Denials, at now: Timestamp, isLast: Bool) async throws {
    while true {
      try await tellAgain()
      let (taken, passedOver) = denials.take(at: now, isLast: isLast)
      if passedOver > 0 {
        logger.warning(
          "more was denied than the audit log takes", metadata: ["calls": "\(passedOver)"])
      }
      guard !taken.isEmpty else { return }
      telling.withLock { $0 = (CommandContext(actor: actor), taken) }
    }
  }

  private func tellAgain() async throws {
    guard let (commands, denials) = telling.withLock({ $0 }) else { return }
    do {
      _ = try await proposer.propose(NoteDenials(denials: denials), in: commands)
    } catch let rejection as Rejection {
      // It will not be taken another time either: a bug.
      logger.error("the state refuses denials", metadata: ["error": "\(rejection)"])
    }
    telling.withLock { $0 = nil }
  }

  /// A cluster without a leader is no reason to stop; the next round is.
  private func attempt(_ what: String, _ work: () async throws -> Void) async {
    do {
      try await work()
    } catch {
      logger.debug("could not \(what): \(error)")
    }
  }
}
