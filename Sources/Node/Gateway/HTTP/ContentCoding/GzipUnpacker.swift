import CZlib

/// Unpacks gzip (RFC 1952); a window takes 32 KiB. Checksums and lengths are verified.
final class GzipUnpacker: Unpacker {
  /// The largest window, plus 16 for gzip's header rather than zlib's.
  private static let windowBits = MAX_WBITS + 16

  /// zlib's state points back at it, so it stays where it is.
  private let stream: UnsafeMutablePointer<z_stream>
  private(set) var isAtEnd = false

  init() throws(Failure) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let status = inflateInit2_(
      stream, Self.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      stream.deallocate()
      throw .overloaded("this node has no memory to unpack the body; try again")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  func unpack(
    _ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer,
    hasMore: inout Bool
  ) throws(Failure) -> Int {
    let available = UInt32(clamping: input.count)
    // zlib does not write to its input; its older declarations do not say so.
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: input.bindMemory(to: UInt8.self).baseAddress)
    stream.pointee.avail_in = available
    stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
    stream.pointee.avail_out = UInt32(clamping: output.count)
    if available > 0 { isAtEnd = false }

    let status = inflate(stream, Z_NO_FLUSH)
    let used = Int(available - stream.pointee.avail_in)
    input = UnsafeRawBufferPointer(rebasing: input.dropFirst(used))
    let isFull = stream.pointee.avail_out == 0
    let count = output.count - Int(stream.pointee.avail_out)
    switch status {
    case Z_OK, Z_BUF_ERROR:
      hasMore = !input.isEmpty || isFull
    case Z_STREAM_END:
      isAtEnd = true
      hasMore = !input.isEmpty
      inflateReset(stream)
    default:
      throw .malformed("the body is not valid gzip")
    }
    return count
  }
}
