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
    let question = TenantQuestion(question)
    return try reader.read { try TenantReading(of: question, in: $0).bytes }
  }

  /// The keys that sign access tokens, or have.
  func signingKeys() throws -> [String] {
    try reader.read { try $0.signingKeys().map(\.id) }
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
