import Raft

/// A request to set a register, as a command of the log.
struct RegisterCommand: Hashable {
  /// Who asks, and which of its requests it is. Requests are repeated after an unknown outcome.
  var client: Int
  var request: UInt64
  var key: Int
  /// Unique among all writes of a run.
  var value: UInt64
  /// Bytes that only take room.
  var padding: Int

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(32 + padding)
    for word in [UInt64(client), request, UInt64(key), value] {
      withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
    }
    bytes.append(contentsOf: repeatElement(UInt8(truncatingIfNeeded: value), count: padding))
    return bytes
  }

  init(client: Int, request: UInt64, key: Int, value: UInt64, padding: Int) {
    self.client = client
    self.request = request
    self.key = key
    self.value = value
    self.padding = padding
  }

  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 32 else { return nil }
    let words = bytes.withUnsafeBytes { raw in
      (0..<4).map {
        UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self))
      }
    }
    guard let client = Int(exactly: words[0]), let key = Int(exactly: words[2]) else { return nil }
    self.init(
      client: client, request: words[1], key: key, value: words[3], padding: bytes.count - 32)
  }
}

/// A question for the value of a register.
struct RegisterQuery: Hashable {
  var key: Int

  var bytes: [UInt8] { withUnsafeBytes(of: UInt64(key).littleEndian) { Array($0) } }

  init(key: Int) { self.key = key }

  init?(_ bytes: [UInt8]) {
    guard bytes.count == 8, let key = Int(exactly: UInt64(littleEndianBytes: bytes[...])) else {
      return nil
    }
    self.key = key
  }
}

extension UInt64 {
  /// Of 8 bytes, the lowest first.
  init(littleEndianBytes bytes: ArraySlice<UInt8>) {
    self = bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}

/// What became of a command.
enum RegisterResult: Hashable {
  /// It took effect here.
  case written(LogIndex)
  /// It had taken effect before, there.
  case repeated(LogIndex)
  /// Its client has since made a later request; this one has no effect.
  case outdated
  /// It is not a command of this state machine.
  case malformed

  /// Where the command took effect.
  var effectIndex: LogIndex? {
    switch self {
    case .written(let index), .repeated(let index): index
    case .outdated, .malformed: nil
    }
  }

  var words: (UInt64, UInt64) {
    switch self {
    case .written(let index): (1, index.rawValue)
    case .repeated(let index): (2, index.rawValue)
    case .outdated: (3, 0)
    case .malformed: (4, 0)
    }
  }

  var bytes: [UInt8] {
    [UInt8(words.0)] + withUnsafeBytes(of: words.1.littleEndian) { Array($0) }
  }

  init?(_ bytes: [UInt8]) {
    guard bytes.count == 9 else { return nil }
    let index = LogIndex(UInt64(littleEndianBytes: bytes[1...]))
    switch bytes[0] {
    case 1: self = .written(index)
    case 2: self = .repeated(index)
    case 3: self = .outdated
    case 4: self = .malformed
    default: return nil
    }
  }
}

/// Registers, and each client's last request, so that one which is repeated takes effect once. A pure
/// function of the entries applied.
struct RegisterState: Hashable {
  struct Session: Hashable {
    var request: UInt64 = 0
    var effect = LogIndex.zero
  }

  private(set) var applied = LogPosition.zero
  /// Of every entry so far, with its result.
  private(set) var digest: UInt64 = 0
  private(set) var registers: [UInt64]
  private(set) var sessions: [Session]
  /// The feature level in force. From the second on writes are counted.
  private(set) var level = FeatureLevel.first
  private(set) var writes: UInt64 = 0

  init(registers: Int, clients: Int) {
    self.registers = [UInt64](repeating: 0, count: registers)
    sessions = [Session](repeating: Session(), count: clients)
  }

  @discardableResult
  mutating func apply(_ entry: Entry, remembersRequests: Bool = true) -> RegisterResult? {
    applied = entry.position
    var fingerprint = Fingerprint()
    fingerprint.mix(digest)
    fingerprint.mix(entry.index.rawValue)
    fingerprint.mix(entry.term.rawValue)
    var result: RegisterResult?
    switch entry.content {
    case .termStart: break
    case .configuration(let configuration, _): level = max(level, configuration.featureLevel)
    case .command(let payload, _):
      let outcome = execute(payload, at: entry.index, remembersRequests)
      fingerprint.mix(payload)
      fingerprint.mix(outcome.words.0)
      fingerprint.mix(outcome.words.1)
      if level > .first { fingerprint.mix(writes) }
      result = outcome
    }
    digest = fingerprint.value
    return result
  }

  private mutating func execute(
    _ payload: [UInt8], at index: LogIndex, _ remembersRequests: Bool
  ) -> RegisterResult {
    guard let command = RegisterCommand(payload), sessions.indices.contains(command.client),
      registers.indices.contains(command.key)
    else { return .malformed }
    let session = sessions[command.client]
    if remembersRequests {
      if command.request == session.request { return .repeated(session.effect) }
      if command.request < session.request { return .outdated }
    }
    registers[command.key] = command.value
    if level > .first { writes += 1 }
    sessions[command.client] = Session(request: command.request, effect: index)
    return .written(index)
  }

  // MARK: Snapshots

  /// The state as words; `applied` comes with the snapshot's metadata. While the first level is in
  /// force it is what the older version writes and reads.
  var words: [UInt64] {
    [digest, UInt64(registers.count), UInt64(sessions.count)] + registers
      + sessions.flatMap { [$0.request, $0.effect.rawValue] }
      + (level > .first ? [UInt64(level.rawValue), writes] : [])
  }

  init?(words: [UInt64], at position: LogPosition) {
    guard words.count >= 3, let registerCount = Int(exactly: words[1]),
      let sessionCount = Int(exactly: words[2]),
      case let end = 3 + registerCount + 2 * sessionCount,
      words.count == end || words.count == end + 2
    else { return nil }
    applied = position
    digest = words[0]
    registers = Array(words[3..<3 + registerCount])
    sessions = stride(from: 3 + registerCount, to: end, by: 2).map {
      Session(request: words[$0], effect: LogIndex(words[$0 + 1]))
    }
    if words.count > end {
      level = FeatureLevel(rawValue: UInt32(clamping: words[end]))
      writes = words[end + 1]
    }
  }
}
