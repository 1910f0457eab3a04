import NIOCore
import Raft
import Testing

@testable import NodeRuntime

@Suite struct PeerFrameTests {
  static let members = [
    Member(id: MemberID(1), name: "a", address: "a:1"),
    Member(id: MemberID(.max), name: "b", address: "[::1]:2"),
  ]
  static let frames: [PeerFrame] = [
    .hello(
      Hello(cluster: 5, member: MemberID(9), name: "n", address: "h:1", time: 1_795_000_000_000)),
    .hello(Hello(cluster: nil, member: MemberID(.max), name: "", address: "")),
    .raft(
      Message(from: MemberID(1), to: MemberID(2), term: Term(3), body: .heartbeatReply(round: 4))),
    .status(
      NodeStatus(
        term: Term(1), commit: LogIndex(2), applied: LogIndex(3), last: LogIndex(4), url: "u",
        version: "v", stateBytes: 5, logBytes: .max, uptimeSeconds: 300,
        supports: FeatureLevel(rawValue: 2),
        matches: [
          .init(member: MemberID(1), index: LogIndex(1 << 40), isCatchingUp: true),
          .init(member: MemberID(2), index: .zero, isCatchingUp: false),
        ])),
    .status(NodeStatus()),
    .status(NodeStatus(problem: .init(kind: .quarantined, file: "f", offset: 0, reason: "r"))),
    .status(NodeStatus(problem: .init(kind: .diskFull, file: "", reason: "no space"))),
    .ping(0), .pong(.max, time: nil), .pong(1, time: 1_795_000_000_000),
    .charter(Charter(cluster: 8, configuration: Configuration(voters: members))),
    .notMember(cluster: 8),
  ]

  private static func bytes(_ frame: PeerFrame) -> ByteBuffer {
    var buffer = ByteBuffer()
    buffer.writeFrame(frame)
    return buffer
  }

  @Test(arguments: frames.indices) func framesComeOutAsTheyWentIn(i: Int) throws {
    var buffer = Self.bytes(Self.frames[i])
    #expect(buffer.readInteger(as: UInt32.self) == UInt32(buffer.readableBytes))
    let read = try #require(try PeerFrame.read(buffer))
    #expect("\(read)" == "\(Self.frames[i])")
  }

  @Test func unknownFramesAndFieldsAreSkipped() throws {
    var unknown = ByteBuffer()
    unknown.writeField(200, string: "later")
    #expect(try PeerFrame.read(unknown) == nil)
    var frame = ByteBuffer()
    frame.writeField(1) {
      $0.writeField(77, varint: 1)
      $0.writeField(3, fixed64: 9)
      $0.writeField(78, string: "later")
    }
    guard case .hello(let hello) = try PeerFrame.read(frame) else {
      Issue.record("it is a hello")
      return
    }
    #expect(hello.member == MemberID(9))
  }

  /// Whatever the bytes, they are a frame or an error.
  @Test(arguments: frames.indices) func damagedFramesNeverTrap(i: Int) {
    var random = RandomSource(seed: UInt64(i))
    var whole = Self.bytes(Self.frames[i])
    whole.moveReaderIndex(forwardBy: 4)
    for _ in 0..<5_000 {
      var damaged = whole
      for _ in 0...random.next(below: 3) where damaged.readableBytes > 0 {
        let place = damaged.readerIndex + Int(random.next(below: UInt64(damaged.readableBytes)))
        damaged.setInteger(UInt8(truncatingIfNeeded: random.next()), at: place)
      }
      let length = Int(random.next(below: UInt64(damaged.readableBytes + 1)))
      _ = try? PeerFrame.read(damaged)
      _ = try? PeerFrame.read(
        damaged.getSlice(at: damaged.readerIndex, length: length) ?? ByteBuffer())
    }
  }
}
