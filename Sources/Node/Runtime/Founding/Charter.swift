import Raft
import Synchronization

/// What a cluster is founded with. Chosen once, by one member; every founder keeps it for good.
struct Charter: Hashable, Sendable {
  var cluster: UInt64
  var configuration: Configuration
}

/// Who this member is, and which cluster it belongs to, for all threads to see.
final class Membership: Sendable {
  let id: MemberID
  private let current: Mutex<Charter?>

  init(_ identity: Identity) {
    id = identity.member
    current = Mutex(
      identity.cluster.map {
        Charter(cluster: $0, configuration: identity.initialConfiguration ?? Configuration())
      })
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
}

extension UInt64 {
  /// Sixteen hexadecimal digits.
  var hexadecimal: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
