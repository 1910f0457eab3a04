import CloudState
import Raft

/// The tenants' state as a member's state machine: the store that a node runs.
final class TenantMachine: SimulatedMachine, @unchecked Sendable {
  // Sendable because a simulation has one thread, and what a process runs never leaves it.

  private let store: StateStore
  private let reader: StateReader
  private let database: TenantDatabase
  private let contents: SnapshotContents

  init(_ store: StateStore, in database: TenantDatabase, contents: SnapshotContents) {
    self.store = store
    reader = store.makeReader(idleConnections: 1)
    self.database = database
    self.contents = contents
  }

  var applied: LogPosition { mark.applied }

  /// The state's clock.
  var clock: Timestamp { store.currentPosition.clock }

  var mark: StateMark { StateMark(store.currentPosition) }

  /// Stamps the command as a node does: what it asks of the future lies in the state's future too.
  func command(for request: [UInt8], at wallClock: Int64) throws -> [UInt8] {
    guard var envelope = CommandEnvelope(decoding: request) else { return request }
    envelope.stampedAt = Timestamp(milliseconds: 0).adding(milliseconds: wallClock)
    if case .reserveRows(var reserve) = envelope.command {
      let present = max(envelope.stampedAt, store.currentPosition.clock)
      reserve.expiresAt = present.adding(milliseconds: reserve.expiresAt.milliseconds)
      envelope.command = .reserveRows(reserve)
    }
    return try envelope.encoded()
  }

  func answer(_ question: [UInt8]) throws -> [UInt8] {
    let id = WorkspaceID(rawValue: String(decoding: question, as: UTF8.self))
    return try reader.read { view in
      let month = Month(containing: view.position.clock)
      let usage = try view.rowUsage(of: id, in: month)
      return TenantReading(
        mark: StateMark(view.position), month: month.ordinal, used: usage?.used ?? 0,
        reserved: usage?.reserved ?? 0
      ).bytes
    }
  }

  /// The calls of a workspace on a day, as the tables have them.
  func callCount(of id: WorkspaceID, on day: Day) throws -> CallCount? {
    try reader.read { try $0.callUsage(of: id, on: day)?.count }
  }

  func apply(_ entries: [Entry]) throws -> [[UInt8]] {
    guard let last = entries.last else { return [] }
    return try database.advance(to: last.index) { try store.apply(entries.map(CommandRecord.init)) }
  }

  func capture() throws -> any StateCapture {
    Capture(snapshot: try store.snapshot(), contents: contents)
  }

  func restore(at position: LogPosition, from next: () throws -> [UInt8]?) throws {
    try database.advance(to: position.index) { try store.restore(from: next) }
    try database.spoil()
    try checkContents()
  }

  /// Compares all rows with those of other members at the same index.
  func checkContents() throws {
    let snapshot = try store.snapshot()
    defer { snapshot.close() }
    let summary = try snapshot.write { _ in }
    try contents.check(summary.contentHash, at: snapshot.position.index)
  }

  private struct Capture: StateCapture {
    let snapshot: PinnedSnapshot
    let contents: SnapshotContents

    func write(to sink: (UnsafeRawBufferPointer) throws -> Void) throws {
      defer { snapshot.close() }
      let summary = try snapshot.write(to: sink)
      try contents.check(summary.contentHash, at: snapshot.position.index)
    }
  }
}

extension StateMark {
  init(_ position: StatePosition) {
    self.init(
      applied: LogPosition(index: LogIndex(position.index), term: Term(position.term)),
      digest: UInt64(littleEndianBytes: position.digest[..<8]))
  }
}

extension CommandRecord {
  init(_ entry: Entry) {
    var payload: [UInt8] = []
    if case .command(let command, _) = entry.content { payload = command }
    self.init(index: entry.index.rawValue, term: entry.term.rawValue, payload: payload)
  }
}

/// What a read gives: the usage of a workspace in the state's month, and which state that was.
struct TenantReading {
  var mark: StateMark
  var month: Int64
  var used: Int64
  var reserved: Int64

  var bytes: [UInt8] {
    let words = [
      mark.applied.index.rawValue, mark.applied.term.rawValue, mark.digest, UInt64(month),
      UInt64(used), UInt64(reserved),
    ]
    return words.flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } }
  }

  init(mark: StateMark, month: Int64, used: Int64, reserved: Int64) {
    self.mark = mark
    self.month = month
    self.used = used
    self.reserved = reserved
  }

  init?(_ bytes: [UInt8]) {
    guard bytes.count == 48 else { return nil }
    let words = (0..<6).map { UInt64(littleEndianBytes: bytes[8 * $0..<8 * $0 + 8]) }
    mark = StateMark(
      applied: LogPosition(index: LogIndex(words[0]), term: Term(words[1])), digest: words[2])
    (month, used, reserved) = (Int64(words[3]), Int64(words[4]), Int64(words[5]))
  }
}
