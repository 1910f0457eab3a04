import NIOCore
import Raft

/// What members say to each other on a connection.
///
/// On the wire: a length of four bytes, big endian, then as many bytes of a Protocol Buffers message
/// `Frame`. As elsewhere, unknown fields and frames are skipped, and a field's number, type and
/// meaning never change.
///
///     message Frame {
///       oneof kind {
///         Hello hello = 1;
///         clean.raft.Message raft = 2;
///         NodeStatus status = 3;
///         fixed64 ping = 4;          // Answered by a pong of the same number.
///         fixed64 pong = 5;
///         Charter charter = 6;
///         fixed64 not_member = 7;    // The sender's cluster, founded without the receiver.
///       }
///       uint64 time = 8;             // With a pong: what its sender's clock shows, in ms since 1970.
///     }
///     message Hello {
///       uint64 protocol = 1;
///       optional fixed64 cluster = 2;
///       fixed64 member = 3;
///       string name = 4;
///       string address = 5;          // host:port
///       uint64 time = 6;             // What the sender's clock shows, in ms since 1970.
///     }
///     message Charter {
///       fixed64 cluster = 1;
///       clean.raft.Configuration configuration = 2;
///     }
///     message NodeStatus {
///       uint64 term = 1;
///       uint64 commit = 2;
///       uint64 applied = 3;
///       uint64 last = 4;
///       string url = 5;
///       string version = 6;
///       uint64 state_bytes = 7;
///       uint64 log_bytes = 8;
///       uint64 uptime_seconds = 9;
///       repeated Match matches = 10; // From the leader.
///       Problem problem = 11;
///       uint64 feature_level = 12;   // What the sender's program supports.
///     }
///     message Problem {              // What is wrong with the sender's disk.
///       uint64 kind = 1;             // 1 quarantined, 2 disk full, 3 storage failed
///       string file = 2;
///       uint64 offset = 3;           // One more than the byte; 0 where there is none.
///       string reason = 4;
///     }
///     message Match {
///       fixed64 member = 1;
///       uint64 index = 2;
///       bool catching_up = 3;
///     }
enum PeerFrame: Sendable {
  case hello(Hello)
  case raft(Message)
  case status(NodeStatus)
  case ping(UInt64)
  case pong(UInt64, time: Int64?)
  case charter(Charter)
  case notMember(cluster: UInt64)
}

/// The first frame in each direction, and again when its sender's cluster has changed.
struct Hello: Hashable, Sendable {
  /// The version of the frames. A member of another version is refused.
  static let currentProtocol: UInt64 = 1

  var protocolVersion = currentProtocol
  var cluster: UInt64?
  var member: MemberID
  var name: String
  var address: String
  /// What the sender's clock shows, in milliseconds since 1970; nil when it does not say.
  var time: Int64?
}

/// What a member tells the others about itself, about once a second.
struct NodeStatus: Hashable, Sendable {
  struct Match: Hashable, Sendable {
    var member: MemberID
    var index: LogIndex
    var isCatchingUp: Bool
  }

  var term = Term.zero
  var commit = LogIndex.zero
  var applied = LogIndex.zero
  var last = LogIndex.zero
  var url = ""
  var version = ""
  var stateBytes: UInt64 = 0
  var logBytes: UInt64 = 0
  var uptimeSeconds: UInt64 = 0
  /// What the sender's program supports; nil when it does not say.
  var supports: FeatureLevel?
  /// What is wrong with the sender's disk.
  var problem: ClusterView.Problem?
  /// The others' logs, when the sender leads.
  var matches: [Match] = []
}

/// Why bytes from a peer are not a frame.
enum PeerFrameError: Error, CustomStringConvertible {
  case tooLong(UInt32, limit: Int)
  case malformed(String)

  var description: String {
    switch self {
    case .tooLong(let length, let limit): "a frame of \(length) bytes, where \(limit) are allowed"
    case .malformed(let reason): reason
    }
  }
}
