import CZstd

/// Unpacks Zstandard (RFC 8878). Checksums are verified where frames have them.
final class ZstdUnpacker: Unpacker {
  /// 8 MiB: what a sender may count on, and what no receiver has to exceed (RFC 9659 §3).
  private static let windowLogMax: Int32 = 23

  private let context: OpaquePointer
  private(set) var isAtEnd = false
  private var magic = FrameMagic()

  init() throws(Failure) {
    guard let context = ZSTD_createDCtx() else {
      throw .overloaded("this node has no memory to unpack the body; try again")
    }
    self.context = context
    ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.windowLogMax)
  }

  deinit {
    ZSTD_freeDCtx(context)
  }

  func unpack(
    _ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer,
    hasMore: inout Bool
  ) throws(Failure) -> Int {
    // A frame's first bytes go in alone, so that the library sees no frame of another format.
    let offered = try magic.check(input)
    if offered > 0 { isAtEnd = false }
    var source = ZSTD_inBuffer(src: input.baseAddress, size: offered, pos: 0)
    var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
    let rest = ZSTD_decompressStream(context, &target, &source)
    guard ZSTD_isError(rest) == 0 else {
      throw .malformed("the body is not valid zstd: \(String(cString: ZSTD_getErrorName(rest)))")
    }
    input = UnsafeRawBufferPointer(rebasing: input.dropFirst(source.pos))
    if rest == 0 {
      isAtEnd = true
      magic = FrameMagic()
    }
    hasMore = !input.isEmpty || (rest > 0 && target.pos == target.size)
    return target.pos
  }
}

/// The first four bytes of a frame, which tell its format (RFC 8878 §3.1).
///
/// The library also reads the formats of its own versions before 0.8, of which its bound on memory
/// knows nothing. Nobody may send them.
private struct FrameMagic {
  private static let frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]
  /// The first byte is 0x50 to 0x5F.
  private static let skippable: [UInt8] = [0x50, 0x2A, 0x4D, 0x18]

  private var seen: [UInt8] = []

  /// - Returns: How many bytes of `input` the library may be given now.
  /// - Throws: ``Failure`` if no frame begins so.
  mutating func check(_ input: UnsafeRawBufferPointer) throws(Failure) -> Int {
    if seen.count == Self.frame.count { return input.count }
    let first = input.prefix(Self.frame.count - seen.count)
    seen += first
    let known = seen.enumerated().map { $0 == 0 && $1 & 0xF0 == 0x50 ? 0x50 : $1 }
    guard Self.frame.starts(with: seen) || Self.skippable.starts(with: known) else {
      throw .malformed("the body is not valid zstd: no frame begins like this")
    }
    return first.count
  }
}
