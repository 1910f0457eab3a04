public import CloudState
public import Logging
import NodeRuntime
public import NodeTelemetry
public import ServiceLifecycle

/// What a node tells the cluster by itself, now and then: which keys were used, and, if it leads, that what is
/// due shall be removed.
public final class Upkeep: Service {
  private static let houseInterval = Duration.seconds(1)
  /// Tells of uses every so many intervals.
  private static let usesEvery = 10

  /// Where the API notes the use of keys.
  let keyUses = KeyUses()

  private let member: any ReplicatedState
  private let state: StateSource
  private let proposer: Proposer
  private let actor: Actor
  private let logger: Logger

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
          if round % Self.usesEvery == 0 { await attempt("tell of keys") { try await tellUses() } }
        }
      }
    } catch is CancellationError {
      await attempt("tell of keys") { try await tellUses() }
    }
  }

  /// Removes all that is due, in steps, if this node leads: one of them is enough.
  func keepHouse() async throws {
    let view = member.clusterView()
    guard view.leader == view.id else { return }
    while try await state.read({ view in try view.houseIsDue(at: .now()) }) {
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

  /// A cluster without a leader is no reason to stop; the next round is.
  private func attempt(_ what: String, _ work: () async throws -> Void) async {
    do {
      try await work()
    } catch {
      logger.debug("could not \(what): \(error)")
    }
  }
}
