import Raft
import Synchronization

/// What a cluster is founded with. Chosen once, by one member; every founder keeps it for good.
struct Charter: Hashable, Sendable {
  var cluster: UInt64
  /// The founders; empty for a member that was added later, which learns from the log who takes part and
  /// votes for nobody before. Also empty for one that founded its cluster alone, once others vote.
  var configuration: Configuration

  /// Whether the member may act on it. Who sends one without founders has looked that the receiver's ID was
  /// added.
  func isFor(_ member: MemberID) -> Bool {
    configuration.ids.isEmpty || configuration.member(member) != nil
  }
}

extension Charter {
  /// The charter that a member keeps; nil when it belongs to no cluster yet.
  init?(_ identity: Identity) {
    guard let cluster = identity.cluster else { return nil }
    self.init(cluster: cluster, configuration: identity.initialConfiguration ?? Configuration())
  }
}

extension Configuration {
  /// Whether nobody but this member votes.
  func isAlone(_ member: MemberID) -> Bool { Set(voters + outgoingVoters) == [member] }
}

/// Who this member is, and which cluster it belongs to, for all threads to see.
final class Membership: Sendable {
  let id: MemberID
  private let current: Mutex<Charter?>

  init(_ identity: Identity) {
    id = identity.member
    current = Mutex(Charter(identity))
  }

  /// The cluster's charter; nil until the member belongs to a cluster. Never changes after that.
  var charter: Charter? { current.withLock { $0 } }

  /// To be called when the charter is durable in the identity file.
  func join(_ charter: Charter) {
    current.withLock { current in
      precondition(current == nil, "a member never changes its cluster")
      current = charter
    }
  }

  /// To be called when the identity file no longer says that this member votes alone.
  func outgrowCharter() { current.withLock { $0?.configuration = Configuration() } }
}

extension UInt64 {
  /// Sixteen hexadecimal digits.
  var hexadecimal: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
