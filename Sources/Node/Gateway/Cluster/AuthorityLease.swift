import Synchronization

/// How long this node may judge callers by its own replica alone.
///
/// A right that was taken away, and acknowledged so, must be refused on every node from then on. Most calls
/// ask the cluster anyway: reads are linearizable, and the state judges each change when it is applied.
/// What is left is what no command follows, and the stale read, which asks nobody. That needs a lease: a read barrier that began less
/// than ``length`` ago, after which this node had everything that was acknowledged before. And whoever
/// takes rights away waits for ``commitWait`` after it was applied before saying so: by then no lease
/// that began earlier holds. So a node without the cluster refuses instead of guessing.
///
/// Only lengths of time are compared, each on one machine's monotonic clock; they may differ by a quarter.
/// (Commit wait: Corbett et al. 2012, Spanner, §4.1.2; leases: Gray and Cheriton 1989.)
final class AuthorityLease: Sendable {
  static let length = Duration.milliseconds(200)
  static let commitWait = Duration.milliseconds(250)

  private let member: any ReplicatedState
  private let now: @Sendable () -> ContinuousClock.Instant
  /// Everything that was acknowledged before this moment has been applied here.
  private let current = Mutex<ContinuousClock.Instant?>(nil)

  init(
    member: any ReplicatedState,
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) {
    self.member = member
    self.now = now
  }

  /// Asks the cluster, and renews the lease: what is read afterwards is linearizable.
  func renew() async throws {
    let start = now()
    try await member.readBarrier()
    current.withLock { current in
      if current.map({ $0 < start }) ?? true { current = start }
    }
  }

  /// Returns at once while the lease holds, and otherwise renews it.
  ///
  /// - Throws: `ConsensusError`, if the cluster does not answer: then this node cannot know.
  func hold() async throws {
    if let start = current.withLock({ $0 }), now() < start + Self.length { return }
    do {
      try await renew()
    } catch {
      // Where there is no other member nothing can have been acknowledged without this one, whatever
      // keeps it from answering, such as a full disk.
      guard isAlone else { throw error }
    }
  }

  private var isAlone: Bool {
    let view = member.clusterView()
    return view.members.map(\.id) == [view.id]
  }
}
