/// For how long a node may judge callers by its own replica alone.
///
/// A right that was taken away, and acknowledged so, must be refused on every node from then on. Most calls
/// ask the cluster anyway: reads are linearizable, and the state judges each change when it is applied.
/// What is left is what no command follows, and the stale read, which asks nobody. That needs an authority
/// lease: a read barrier that began less than ``length`` ago, after which this node had everything that was
/// acknowledged before. And whoever takes rights away waits for ``commitWait`` after it was applied before
/// saying so: by then no lease that began earlier holds.
///
/// Only lengths of time are compared, each on one machine's monotonic clock; they may differ by a quarter.
/// Moments are given as the time since one that stays the same for as long as the value lives.
/// (Commit wait: Corbett et al. 2012, Spanner, §4.1.2; leases: Gray and Cheriton 1989.)
public struct HeldAuthority: Hashable, Sendable {
  /// How long a lease holds from the beginning of its barrier.
  public static let length = Duration.milliseconds(200)
  /// How long what took rights away is kept from whoever asked for it.
  public static let commitWait = Duration.milliseconds(250)

  /// Everything that was acknowledged before this moment has been applied here.
  private var current: Duration?

  /// Holds nothing.
  public init() {}

  /// A read barrier has come about. What the cluster acknowledged while it was under way may not be here:
  /// so its beginning counts.
  public mutating func renewed(asked: Duration, answered: Duration) {
    precondition(asked <= answered, "a barrier ends after it has begun")
    current = max(current ?? asked, asked)
  }

  /// Whether the replica alone may be asked.
  public func holds(at now: Duration) -> Bool { current.map { now < $0 + Self.length } ?? false }
}
