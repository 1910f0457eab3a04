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
  private let allowance: RowAllowance

  /// - Parameter allowance: What the workspace has left; a dataset of more rows is not read on.
  init(format: DatasetFormat, maxBytes: Int, allowance: RowAllowance, pool: BlockingPool) {
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
    var allowance = allowance
    for try await chunk in body {
      received += chunk.readableBytes
      guard received <= maxBytes else {
        throw Failure.tooLarge(
          "the dataset may have at most \(maxBytes) bytes; send a part or a sample")
      }
      piece.writeImmutableBuffer(chunk)
      if piece.readableBytes >= Self.pieceBytes {
        try await allowance.require(rows: parse(piece))
        piece = ByteBuffer()
      }
    }
    if let declaredLength, received < declaredLength { throw ClientGone() }
    try await allowance.require(rows: parse(piece))
    return try await pool.run { [self] in try reader.withLock { try $0.finish() } }
  }

  /// - Returns: The rows so far.
  private func parse(_ piece: ByteBuffer) async throws -> Int64 {
    try await pool.run { [self] in
      try reader.withLock { reader in
        if piece.readableBytes > 0 {
          try piece.withUnsafeReadableBytes { try reader.append($0) }
        }
        return Int64(reader.rowCount)
      }
    }
  }
}
