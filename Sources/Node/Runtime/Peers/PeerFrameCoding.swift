import NIOCore
import Raft

// MARK: Writing

extension ByteBuffer {
  /// Adds a frame with its length before it.
  mutating func writeFrame(_ frame: PeerFrame) {
    let start = writerIndex
    writeInteger(UInt32(0))
    switch frame {
    case .hello(let hello): writeField(1) { hello.write(to: &$0) }
    case .raft(let message): writeField(2, bytes: WireCodec.encode(message))
    case .status(let status): writeField(3) { status.write(to: &$0) }
    case .ping(let number): writeField(4, fixed64: number)
    case .pong(let number, let time):
      writeField(5, fixed64: number)
      if let time { writeField(8, time: time) }
    case .charter(let charter):
      writeField(6) {
        $0.writeField(1, fixed64: charter.cluster)
        $0.writeField(2, bytes: WireCodec.encode(charter.configuration))
      }
    case .notMember(let cluster): writeField(7, fixed64: cluster)
    }
    setInteger(UInt32(writerIndex - start - 4), at: start)
  }
}

extension Hello {
  fileprivate func write(to buffer: inout ByteBuffer) {
    buffer.writeField(1, varint: protocolVersion)
    if let cluster { buffer.writeField(2, fixed64: cluster) }
    buffer.writeField(3, fixed64: member.rawValue)
    buffer.writeField(4, string: name)
    buffer.writeField(5, string: address)
    if let time { buffer.writeField(6, time: time) }
  }
}

extension NodeStatus {
  fileprivate func write(to buffer: inout ByteBuffer) {
    buffer.writeField(1, varint: term.rawValue)
    buffer.writeField(2, varint: commit.rawValue)
    buffer.writeField(3, varint: applied.rawValue)
    buffer.writeField(4, varint: last.rawValue)
    buffer.writeField(5, string: url)
    buffer.writeField(6, string: version)
    buffer.writeField(7, varint: stateBytes)
    buffer.writeField(8, varint: logBytes)
    buffer.writeField(9, varint: uptimeSeconds)
    for match in matches {
      buffer.writeField(10) {
        $0.writeField(1, fixed64: match.member.rawValue)
        $0.writeField(2, varint: match.index.rawValue)
        $0.writeField(3, varint: match.isCatchingUp ? 1 : 0)
      }
    }
    if let problem { buffer.writeField(11) { problem.write(to: &$0) } }
    if let supports { buffer.writeField(12, varint: UInt64(supports.rawValue)) }
  }
}

extension ClusterView.Problem {
  fileprivate func write(to buffer: inout ByteBuffer) {
    buffer.writeField(1, varint: kind.rawValue)
    buffer.writeField(2, string: file)
    // One more than the offset, so that zero can stand for none.
    if let offset { buffer.writeField(3, varint: UInt64(max(0, offset)) + 1) }
    buffer.writeField(4, string: reason)
  }
}

// MARK: Reading

extension PeerFrame {
  /// The frame in `buffer`, which is one frame without its length; nil when it is of a kind that this
  /// version doesn't know.
  static func read(_ buffer: ByteBuffer) throws(PeerFrameError) -> PeerFrame? {
    var buffer = buffer
    var pong: UInt64?
    var time: Int64?
    while let field = try buffer.readField() {
      switch field {
      case (1, .bytes(let body)): return .hello(try Hello(body))
      case (2, .bytes(let body)):
        return .raft(
          try decoded { () throws(WireError) in try WireCodec.decodeMessage(body.array) })
      case (3, .bytes(let body)): return .status(try NodeStatus(body))
      case (4, .fixed64(let number)): return .ping(number)
      case (5, .fixed64(let number)): pong = number
      case (6, .bytes(let body)): return .charter(try Charter(body))
      case (7, .fixed64(let cluster)): return .notMember(cluster: cluster)
      case (8, .varint(let value)): time = value.time
      default: continue
      }
    }
    return pong.map { .pong($0, time: time) }
  }
}

private func decoded<Value>(
  _ decode: () throws(WireError) -> Value
) throws(PeerFrameError) -> Value {
  do {
    return try decode()
  } catch {
    throw .malformed(error.description)
  }
}

extension ByteBuffer {
  fileprivate var array: [UInt8] { Array(readableBytesView) }
  fileprivate var string: String { String(decoding: readableBytesView, as: UTF8.self) }
}

extension ByteBuffer {
  fileprivate mutating func writeField(_ field: UInt64, time: Int64) {
    writeField(field, varint: UInt64(max(0, time)))
  }
}

extension UInt64 {
  /// Milliseconds since 1970, none later than the end of the year 9999: sums of them fit.
  fileprivate var time: Int64 { Int64(Swift.min(self, 253_402_300_799_999)) }
}

extension Hello {
  fileprivate init(_ buffer: ByteBuffer) throws(PeerFrameError) {
    var buffer = buffer
    self.init(protocolVersion: 0, member: MemberID(0), name: "", address: "")
    while let field = try buffer.readField() {
      switch field {
      case (1, .varint(let version)): protocolVersion = version
      case (2, .fixed64(let id)): cluster = id
      case (3, .fixed64(let id)): member = MemberID(id)
      case (4, .bytes(let bytes)): name = bytes.string
      case (5, .bytes(let bytes)): address = bytes.string
      case (6, .varint(let value)): time = value.time
      default: continue
      }
    }
    guard member.rawValue != 0 else { throw .malformed("a hello without a member") }
  }
}

extension Charter {
  fileprivate init(_ buffer: ByteBuffer) throws(PeerFrameError) {
    var buffer = buffer
    var cluster: UInt64?
    var configuration: Configuration?
    while let field = try buffer.readField() {
      switch field {
      case (1, .fixed64(let id)): cluster = id
      case (2, .bytes(let body)):
        configuration = try decoded { () throws(WireError) in
          try WireCodec.decodeConfiguration(body.array)
        }
      default: continue
      }
    }
    guard let cluster, let configuration else { throw .malformed("a charter with parts missing") }
    self.init(cluster: cluster, configuration: configuration)
  }
}

extension NodeStatus {
  fileprivate init(_ buffer: ByteBuffer) throws(PeerFrameError) {
    var buffer = buffer
    self.init()
    while let field = try buffer.readField() {
      switch field {
      case (1, .varint(let value)): term = Term(value)
      case (2, .varint(let value)): commit = LogIndex(value)
      case (3, .varint(let value)): applied = LogIndex(value)
      case (4, .varint(let value)): last = LogIndex(value)
      case (5, .bytes(let bytes)): url = bytes.string
      case (6, .bytes(let bytes)): version = bytes.string
      case (7, .varint(let value)): stateBytes = value
      case (8, .varint(let value)): logBytes = value
      case (9, .varint(let value)): uptimeSeconds = value
      case (10, .bytes(let body)): matches.append(try Match(body))
      case (11, .bytes(let body)): problem = try .read(body)
      case (12, .varint(let value)): supports = FeatureLevel(rawValue: UInt32(clamping: value))
      default: continue
      }
    }
  }
}

extension ClusterView.Problem {
  /// Nil when it is of a kind that this version doesn't know.
  fileprivate static func read(_ buffer: ByteBuffer) throws(PeerFrameError) -> Self? {
    var buffer = buffer
    var kind: Kind?
    var problem = Self(kind: .storageFailed, file: "", reason: "")
    while let field = try buffer.readField() {
      switch field {
      case (1, .varint(let value)): kind = Kind(rawValue: value)
      case (2, .bytes(let bytes)): problem.file = bytes.string
      case (3, .varint(let value)) where value > 0: problem.offset = Int(clamping: value - 1)
      case (4, .bytes(let bytes)): problem.reason = bytes.string
      default: continue
      }
    }
    guard let kind else { return nil }
    problem.kind = kind
    return problem
  }
}

extension NodeStatus.Match {
  fileprivate init(_ buffer: ByteBuffer) throws(PeerFrameError) {
    var buffer = buffer
    self.init(member: MemberID(0), index: .zero, isCatchingUp: false)
    while let field = try buffer.readField() {
      switch field {
      case (1, .fixed64(let id)): member = MemberID(id)
      case (2, .varint(let value)): index = LogIndex(value)
      case (3, .varint(let value)): isCatchingUp = value != 0
      default: continue
      }
    }
  }
}
