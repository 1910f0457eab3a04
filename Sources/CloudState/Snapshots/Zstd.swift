import CZstd

/// Compresses one frame with a checksum, piece by piece.
final class ZstdCompressor {
  private let context: OpaquePointer
  private let output: UnsafeMutableRawBufferPointer

  init() throws {
    guard let context = ZSTD_createCCtx() else {
      throw StateError.storage("zstd has no memory to compress with")
    }
    self.context = context
    output = .allocate(byteCount: ZSTD_CStreamOutSize(), alignment: 16)
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    // Level 1: a snapshot is sent and replaced, not kept, and shares its CPU with consensus.
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, 1)
  }

  deinit {
    ZSTD_freeCCtx(context)
    output.deallocate()
  }

  /// How many bytes went to `sink`.
  func compress(
    _ bytes: [UInt8], isLast: Bool, to sink: (UnsafeRawBufferPointer) throws -> Void
  ) throws -> UInt64 {
    try bytes.withUnsafeBytes { bytes in
      var written: UInt64 = 0
      var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
      var isDone = false
      while !isDone {
        var out = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        let rest = ZSTD_compressStream2(
          context, &out, &input, isLast ? ZSTD_e_end : ZSTD_e_continue)
        guard ZSTD_isError(rest) == 0 else {
          throw StateError.storage("zstd: \(String(cString: ZSTD_getErrorName(rest)))")
        }
        if out.pos > 0 { try sink(UnsafeRawBufferPointer(rebasing: output[..<out.pos])) }
        written += UInt64(out.pos)
        isDone = isLast ? rest == 0 : input.pos == input.size
      }
      return written
    }
  }
}

/// Decompresses one frame, piece by piece.
final class ZstdDecompressor {
  private let context: OpaquePointer
  private let output: UnsafeMutableRawBufferPointer
  /// The frame has ended, and its checksum was right.
  private(set) var isComplete = false
  /// There may be output without further input.
  private(set) var hasMore = false

  init() throws {
    guard let context = ZSTD_createDCtx() else {
      throw StateError.storage("zstd has no memory to decompress with")
    }
    self.context = context
    output = .allocate(byteCount: ZSTD_DStreamOutSize(), alignment: 16)
    // 2^23 bytes is the most that the writer's level uses: no input may ask for more memory.
    ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, 23)
  }

  deinit {
    ZSTD_freeDCtx(context)
    output.deallocate()
  }

  /// Decompresses up to one block, from `offset` on, and moves `offset` past what it has read.
  func step(
    _ bytes: [UInt8], from offset: inout Int, appendingTo sink: inout [UInt8]
  ) throws {
    guard !isComplete else { throw StateError.damagedSnapshot("it goes on after its end") }
    try bytes.withUnsafeBytes { bytes in
      var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: offset)
      var out = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
      let rest = ZSTD_decompressStream(context, &out, &input)
      guard ZSTD_isError(rest) == 0 else {
        throw StateError.damagedSnapshot(String(cString: ZSTD_getErrorName(rest)))
      }
      isComplete = rest == 0
      hasMore = out.pos == out.size && !isComplete
      offset = input.pos
      sink.append(contentsOf: output[..<out.pos])
    }
  }
}
