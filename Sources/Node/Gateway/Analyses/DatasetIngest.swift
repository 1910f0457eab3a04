import Analysis
import CloudState
import Hummingbird
import NIOCore
import Synchronization

/// Reads an uploaded dataset into a table as it arrives.
///
/// Pieces are parsed on threads of their own; the next one is taken from the connection when the
/// last is done, so a client that is faster than the parser is slowed down, and what is held is the
/// table and one piece.
final class DatasetIngest: Sendable {
  /// Large enough that the way to another thread is cheap beside parsing it.
  private static let pieceBytes = 256 << 10

  private let reader: Mutex<DatasetReader>
  private let pool: BlockingPool
  private let maxBytes: Int
  private let allowance: RowUsage

  /// - Parameter allowance: What the workspace has left; a dataset of more rows is not read on.
  init(format: DatasetFormat, maxBytes: Int, allowance: RowUsage, pool: BlockingPool) {
    reader = Mutex(DatasetReader(format: format, limits: DatasetLimits(maxBytes: maxBytes)))
    self.pool = pool
    self.maxBytes = maxBytes
    self.allowance = allowance
  }

  /// Reads the whole body.
  ///
  /// - Parameter declaredLength: What the client said it would send.
  /// - Throws: `DatasetError`, ``ClientGone`` if the body is shorter than declared, or what reading
  ///   the connection throws.
  func table(from body: RequestBody, declaredLength: Int?) async throws -> Table {
    var received = 0
    var piece = ByteBuffer()
    for try await chunk in body {
      received += chunk.readableBytes
      guard received <= maxBytes else {
        throw Failure.tooLarge(
          "the dataset may have at most \(maxBytes) bytes; send a part or a sample")
      }
      piece.writeImmutableBuffer(chunk)
      if piece.readableBytes >= Self.pieceBytes {
        try await parse(piece)
        piece = ByteBuffer()
      }
    }
    if let declaredLength, received < declaredLength { throw ClientGone() }
    try await parse(piece)
    return try await pool.run { [self] in try reader.withLock { try $0.finish() } }
  }

  private func parse(_ piece: ByteBuffer) async throws {
    guard piece.readableBytes > 0 else { return }
    try await pool.run { [self] in
      try reader.withLock { reader in
        try piece.withUnsafeReadableBytes { try reader.append($0) }
        try checkAllowance(rows: Int64(reader.rowCount))
      }
    }
  }

  /// Reading the rest of what cannot be admitted would only be work. Whether the rows can be had
  /// the reservation decides.
  private func checkAllowance(rows: Int64) throws(Failure) {
    guard let limit = allowance.limit else { return }
    let taken = allowance.used + allowance.reserved
    guard rows <= limit - taken else {
      throw .quotaExceeded(.rows, limit: limit, used: taken, resetsAt: allowance.resetsAt)
    }
  }
}
