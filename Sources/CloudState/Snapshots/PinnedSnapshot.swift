import CSQLite
import Crypto
import Synchronization

/// The state at one applied index, held still for a copy.
///
/// While it is pinned, the database's write-ahead log cannot shrink: write it soon and close it.
public final class PinnedSnapshot: Sendable {
  /// What the snapshot is of.
  public let position: StatePosition

  private let pin: Mutex<Pin?>

  /// The connection with its open read transaction.
  ///
  /// Sendable although a connection is not: it is only used inside the lock that holds it.
  private struct Pin: @unchecked Sendable {
    let connection: Connection
  }

  init(of file: DatabaseFile) throws {
    let connection = try file.connect(.readOnly)
    try connection.run("BEGIN")
    // The first read takes the view that the transaction keeps.
    position = try connection.position()
    pin = Mutex(Pin(connection: connection))
  }

  /// Streams a compressed, checksummed copy to `sink`, in pieces of about 128 KiB that live only
  /// as long as the call. May be repeated.
  ///
  /// - Throws: ``StateError``, or what `sink` throws.
  @discardableResult
  public func write(
    to sink: (UnsafeRawBufferPointer) throws -> Void
  ) throws -> SnapshotSummary {
    try pin.withLock { pin in
      guard let connection = pin?.connection else { throw StateError.snapshotClosed }
      return try StateError.translating {
        try SnapshotDump(connection: connection).run(to: sink)
      }
    }
  }

  /// Lets go of the state. Done at the end of the object's life if not before.
  public func close() {
    pin.withLock { $0 = nil }
  }
}

/// What a snapshot holds.
public struct SnapshotSummary: Hashable, Sendable {
  /// The rows of all tables.
  public var rows: UInt64
  /// The bytes before compression.
  public var rawBytes: UInt64
  /// The bytes written.
  public var compressedBytes: UInt64
  /// SHA-256 of the bytes before compression: equal on two members if and only if their states are.
  public var contentHash: [UInt8]
}

/// Writes the records of a snapshot.
private struct SnapshotDump {
  let connection: Connection

  func run(to sink: (UnsafeRawBufferPointer) throws -> Void) throws -> SnapshotSummary {
    let header = SnapshotFormat.header(schema: UInt32(Schema.version))
    let compressor = try ZstdCompressor()
    var hash = SHA256()
    var summary = SnapshotSummary(
      rows: 0, rawBytes: UInt64(header.count), compressedBytes: UInt64(header.count),
      contentHash: [])
    hash.update(data: header)
    try header.withUnsafeBytes { try sink($0) }

    var records = RecordWriter()
    func flush(isLast: Bool = false) throws {
      summary.rawBytes += UInt64(records.bytes.count)
      summary.compressedBytes += try compressor.compress(
        records.bytes, isLast: isLast, to: sink)
      records.bytes.removeAll(keepingCapacity: true)
    }
    for table in Schema.tables {
      let select = try connection.prepare("SELECT * FROM \(table.name) ORDER BY \(table.key)")
      records.begin(table: table.name, columns: select.columnCount)
      var rows: UInt64 = 0
      while try select.step() {
        records.append(rowOf: select)
        rows += 1
        if records.bytes.count >= 1 << 17 {
          hash.update(data: records.bytes)
          try flush()
        }
      }
      records.endTable(rows: rows)
      summary.rows += rows
      hash.update(data: records.bytes)
      try flush()
    }
    summary.contentHash = Array(hash.finalize())
    records.end(hash: summary.contentHash)
    try flush(isLast: true)
    return summary
  }
}

private struct RecordWriter {
  var bytes: [UInt8] = []

  mutating func begin(table: String, columns: Int32) {
    bytes.append(SnapshotFormat.Tag.table)
    append(count: UInt64(table.utf8.count))
    bytes.append(contentsOf: table.utf8)
    append(count: UInt64(columns))
  }

  mutating func append(rowOf statement: Statement) {
    bytes.append(SnapshotFormat.Tag.row)
    for column in 0..<statement.columnCount {
      switch statement.type(column) {
      case SQLITE_INTEGER:
        let value = statement.integer(column)
        bytes.append(SnapshotFormat.Value.integer)
        append(count: UInt64(bitPattern: (value << 1) ^ (value >> 63)))
      case SQLITE_FLOAT:
        bytes.append(SnapshotFormat.Value.real)
        withUnsafeBytes(of: statement.real(column).bitPattern.littleEndian) {
          bytes.append(contentsOf: $0)
        }
      case SQLITE_TEXT:
        append(SnapshotFormat.Value.text, column, of: statement)
      case SQLITE_BLOB:
        append(SnapshotFormat.Value.blob, column, of: statement)
      default:
        bytes.append(SnapshotFormat.Value.null)
      }
    }
  }

  mutating func endTable(rows: UInt64) {
    bytes.append(SnapshotFormat.Tag.tableEnd)
    append(count: rows)
  }

  mutating func end(hash: [UInt8]) {
    bytes.append(SnapshotFormat.Tag.end)
    bytes.append(contentsOf: hash)
  }

  private mutating func append(_ tag: UInt8, _ column: Int32, of statement: Statement) {
    bytes.append(tag)
    statement.withBytes(column) { value in
      append(count: UInt64(value.count))
      bytes.append(contentsOf: value)
    }
  }

  private mutating func append(count: UInt64) {
    var rest = count
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
