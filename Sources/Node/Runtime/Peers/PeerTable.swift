import Raft
import Synchronization

/// What is known of the other members from their connections.
final class PeerTable: Sendable {
  struct Peer: Sendable {
    var status: NodeStatus?
    var roundTrip: Duration?
    var heardAt: ContinuousClock.Instant?
  }

  private let peers = Mutex<[MemberID: Peer]>([:])

  /// Everybody heard, by ID.
  var all: [MemberID: Peer] { peers.withLock { $0 } }

  /// Something came from the member.
  func heard(_ id: MemberID, _ change: (inout Peer) -> Void = { _ in }) {
    let now = ContinuousClock.now
    peers.withLock { peers in
      var peer = peers[id] ?? Peer()
      peer.heardAt = now
      change(&peer)
      peers[id] = peer
    }
  }
}
