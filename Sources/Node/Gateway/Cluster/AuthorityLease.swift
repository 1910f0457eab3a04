import CloudState
import Synchronization

/// This node's authority lease, see ``HeldAuthority``: it is renewed when it has run out, by asking the
/// cluster. So a node without the cluster refuses instead of guessing.
final class AuthorityLease: Sendable {
  private let member: any ReplicatedState
  private let now: @Sendable () -> ContinuousClock.Instant
  /// From here moments are counted.
  private let origin: ContinuousClock.Instant
  private let held = Mutex(HeldAuthority())

  init(
    member: any ReplicatedState,
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) {
    self.member = member
    self.now = now
    origin = now()
  }

  /// Asks the cluster, and renews the lease: what is read afterwards is linearizable.
  func renew() async throws {
    let asked = uptime()
    try await member.readBarrier()
    let answered = uptime()
    held.withLock { $0.renewed(asked: asked, answered: answered) }
  }

  /// Returns at once while the lease holds, and otherwise renews it.
  ///
  /// - Throws: `ConsensusError`, if the cluster does not answer: then this node cannot know.
  func hold() async throws {
    if held.withLock({ $0 }).holds(at: uptime()) { return }
    do {
      try await renew()
    } catch {
      // Where there is no other member nothing can have been acknowledged without this one, whatever
      // keeps it from answering, such as a full disk.
      guard isAlone else { throw error }
    }
  }

  private func uptime() -> Duration { origin.duration(to: now()) }

  private var isAlone: Bool {
    let view = member.clusterView()
    return view.members.map(\.id) == [view.id]
  }
}
