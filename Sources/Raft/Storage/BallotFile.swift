/// The hard state once more, apart from the log: so that damage to the log costs no vote.
///
/// Two slots, written in turn, each in a block of 4096 bytes: a write that is torn, however badly,
/// leaves the other slot. A slot holds its record twice, in two sectors, so that a damaged sector
/// costs nothing either.
///
///     magic    8 bytes  "CLEANVOT"
///     version  u32      1
///     check    u32      CRC32C of all else in the record
///     member   u64      whose vote it is
///     sequence u64      counts what was saved; the slot is its lowest bit
///     term     u64
///     vote     u64      0: none
///
/// Invariant: a hard state is durable in the log before it is written here. So a log that is behind
/// this file has lost something.
struct BallotFile {
  /// What was found.
  struct Reading {
    /// The largest state in the file.
    var state: HardState?
    /// Whether both slots can be read: only then nothing newer can have been in the file.
    var isWhole = false
  }

  private static let magic: UInt64 = 0x544F_564E_4145_4C43
  private static let version: UInt32 = 1
  private static let recordSize = 48
  private static let sectorSize = 512
  private static let slotSize = 4096

  private let fileSystem: any FileSystem
  private let directory: String
  private let member: MemberID
  private var file: (any File)?
  private var sequence: UInt64 = 0
  private var path: String { directory + "/ballot" }

  init(fileSystem: any FileSystem, directory: String, member: MemberID) {
    self.fileSystem = fileSystem
    self.directory = directory
    self.member = member
  }

  /// Reads the file, which may be missing. Another member's throws.
  func read() throws(StorageError) -> Reading {
    var reading = Reading()
    guard let file = try fileSystem.openExisting(path, .read) else { return reading }
    let bytes = try file.readBytes(at: 0, count: 2 * Self.slotSize)
    reading.isWhole = true
    for slot in 0..<2 {
      var isReadable = false
      for copy in 0..<2 {
        let offset = slot * Self.slotSize + copy * Self.sectorSize
        guard let state = try state(in: bytes, at: offset) else { continue }
        isReadable = true
        reading.state = state.orLater(reading.state)
      }
      if !isReadable { reading.isWhole = false }
    }
    return reading
  }

  private func state(in bytes: [UInt8], at offset: Int) throws(StorageError) -> HardState? {
    guard offset + Self.recordSize <= bytes.count else { return nil }
    let record = bytes.withUnsafeBytes {
      let record = $0.part(offset..<offset + Self.recordSize)
      return (
        magic: record.number(at: 0, as: UInt64.self),
        version: record.number(at: 8, as: UInt32.self),
        isIntact: record.number(at: 12) == Self.check(record),
        member: MemberID(record.number(at: 16)), term: Term(record.number(at: 32)),
        vote: record.number(at: 40, as: UInt64.self)
      )
    }
    guard record.magic == Self.magic, record.isIntact else { return nil }
    guard record.version == Self.version else {
      throw .unknownVersion(file: path, version: record.version)
    }
    guard record.member == member else {
      throw .damaged(
        file: path, offset: offset,
        reason: "the file belongs to member \(record.member), not to \(member)")
    }
    return HardState(term: record.term, vote: record.vote == 0 ? nil : MemberID(record.vote))
  }

  /// Durably replaces the file, in one step, by one whose slots both hold `state`.
  mutating func replace(_ state: HardState) throws(FileError) {
    file = nil
    sequence = 1
    var bytes = slot(state, sequence: 0)
    bytes += [UInt8](repeating: 0, count: Self.slotSize - bytes.count)
    bytes += slot(state, sequence: 1)
    bytes += [UInt8](repeating: 0, count: 2 * Self.slotSize - bytes.count)
    try fileSystem.replace(path, in: directory, with: bytes)
    file = try fileSystem.open(path, .update)
  }

  /// Durably writes `state` into the slot that was written longer ago.
  mutating func save(_ state: HardState) throws(FileError) {
    guard let file else { preconditionFailure("\(path) is written before it was made") }
    sequence += 1
    let bytes = slot(state, sequence: sequence)
    try file.writeBytes(bytes, at: Int(sequence & 1) * Self.slotSize)
    try file.synchronize()
  }

  func close() { try? file?.close() }

  /// A slot's two sectors, as far as they are used.
  private func slot(_ state: HardState, sequence: UInt64) -> [UInt8] {
    var record = [UInt8](repeating: 0, count: Self.recordSize)
    record.withUnsafeMutableBytes {
      $0.put(Self.magic, at: 0)
      $0.put(Self.version, at: 8)
      $0.put(member.rawValue, at: 16)
      $0.put(sequence, at: 24)
      $0.put(state.term.rawValue, at: 32)
      $0.put(state.vote?.rawValue ?? 0, at: 40)
      $0.put(Self.check(UnsafeRawBufferPointer($0)), at: 12)
    }
    return record + [UInt8](repeating: 0, count: Self.sectorSize - Self.recordSize) + record
  }

  private static func check(_ record: UnsafeRawBufferPointer) -> UInt32 {
    crc32c(crc32c(record.part(0..<12)), record.part(16..<recordSize))
  }
}

extension HardState {
  /// This state or the other, whichever was in force later: terms only grow, and within a term a
  /// vote is given once and never taken back.
  func orLater(_ other: HardState?) -> HardState {
    guard let other else { return self }
    if other.term == term { return vote == nil ? other : self }
    return other.term > term ? other : self
  }
}
