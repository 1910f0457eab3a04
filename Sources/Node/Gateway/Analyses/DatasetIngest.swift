import Analysis
import CloudState
import Hummingbird
import NIOCore
import Synchronization

/// Reads an uploaded dataset, and its reference if there is one, into tables as they arrive.
///
/// Pieces are unpacked and parsed on threads of their own; the next one is taken from the connection when the
/// last is done, so a client that is faster than the parser is slowed down, and what is held is the
/// table and one piece.
final class DatasetIngest: Sendable {
  /// What a thread works on at a time.
  private struct Work {
    let decoder: BodyDecoder
    var upload: DatasetUpload
    /// Bytes so far, of a form with what is around the dataset.
    var unpacked = 0
  }

  private let work: Mutex<Work>
  /// Large enough that the way to another thread is cheap beside parsing it, and so small that what
  /// it unpacks to is not much beyond the allowance.
  private let pieceBytes: Int
  private let pool: BlockingPool
  private let format: UploadFormat
  private let maxBytes: Int
  private let allowance: RowAllowance

  /// - Parameters:
  ///   - limits: How large the dataset may be, unpacked, with its reference.
  ///   - expectedBytes: How long the body will be once it is unpacked, if that is known.
  ///   - referenceRefusal: Why there may be no reference; nil if there may.
  ///   - takesLog: Whether there may be a log.
  ///   - allowance: What the workspace has left; more rows than that are not read.
  ///   - isHashed: Whether ``digest`` will be asked for.
  ///   - kept: Gets the dataset's bytes, unpacked.
  /// - Throws: ``Failure`` if there is no memory, or no such form.
  init(
    format: UploadFormat, coding: ContentCoding, limits: DatasetLimits,
    expectedBytes: Int?, referenceRefusal: Failure?, takesLog: Bool, allowance: RowAllowance,
    isHashed: Bool, keptIn kept: KeptDataset? = nil,
    pool: BlockingPool
  ) throws(Failure) {
    work = Mutex(
      Work(
        decoder: try BodyDecoder(coding),
        upload: try DatasetUpload(
          format, limits: limits, expectedBytes: expectedBytes, referenceRefusal: referenceRefusal,
          takesLog: takesLog, isHashed: isHashed, keptIn: kept)))
    pieceBytes = coding == .identity ? 256 << 10 : 16 << 10
    self.pool = pool
    self.format = format
    maxBytes = limits.maxBytes
    self.allowance = allowance
  }

  /// The SHA-256 of what was read, once it has ended.
  var digest: [UInt8] { work.withLock(\.upload.digest) }

  /// Reads the whole body of a request.
  ///
  /// - Throws: `DatasetError`, ``Failure`` if it does not unpack, ``ClientGone`` if the body is shorter than
  ///   declared or the client left, or what reading the connection throws.
  func datasets(from request: APIRequest) async throws -> UploadedDatasets {
    let client = ClientPresence(request.channel)
    var received = 0
    var piece = ByteBuffer()
    var allowance = allowance
    for try await chunk in request.body {
      received += chunk.readableBytes
      try requireSize(received)
      piece.writeImmutableBuffer(chunk)
      if piece.readableBytes >= pieceBytes {
        try await allowance.require(rows: parse(piece))
        piece = ByteBuffer()
      }
    }
    if let declared = request.contentLength, received < declared { throw ClientGone() }
    try await allowance.require(rows: parse(piece))
    do {
      return try await pool.run { [self] in
        try work.withLock { work in
          try work.decoder.finish()
          return try work.upload.finish { client.isGone }
        }
      }
    } catch is AnalysisCancelled {
      throw ClientGone()
    }
  }

  private func requireSize(_ bytes: Int) throws(Failure) {
    guard bytes <= maxBytes + format.overhead else { throw format.tooLarge(maxBytes: maxBytes) }
  }

  /// - Returns: The rows so far.
  private func parse(_ piece: ByteBuffer) async throws -> Int64 {
    try await pool.run { [self] in
      try work.withLock { work in
        try piece.withUnsafeReadableBytes { packed in
          try work.decoder.decode(packed) { bytes in
            work.unpacked += bytes.count
            try requireSize(work.unpacked)
            try work.upload.append(bytes)
          }
        }
        return Int64(work.upload.rowCount)
      }
    }
  }
}
