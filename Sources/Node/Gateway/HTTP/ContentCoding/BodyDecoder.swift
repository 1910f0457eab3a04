/// Unpacks a request's body as it arrives, never more than ``bufferBytes`` of it at a time.
///
/// How long the unpacked body may be is for whoever takes it to say: it comes in pieces, and the one
/// that is too many can be refused before the next is made. What this bounds is the ratio.
final class BodyDecoder {
  /// A body may not become more than so many times as long as it came. Tables of numbers shrink 3
  /// times, records with long keys 50 times, a table of 1,000 one-hot columns 360 times; gzip cannot
  /// do much more than this, but a frame of zstd that is made for it becomes 30,000 times its size
  /// and would let a client make work that costs it nothing.
  static let maxRatio = 1_000
  /// So much may be unpacked in any case: it costs little, and short bodies have extreme ratios.
  static let exemptBytes = 1 << 20
  private static let bufferBytes = 64 << 10

  private let unpacker: (any Unpacker)?
  private let buffer: UnsafeMutableRawBufferPointer
  private var received = 0
  private var unpacked = 0

  /// - Throws: ``Failure`` if there is no memory.
  init(_ coding: ContentCoding) throws(Failure) {
    unpacker =
      switch coding {
      case .identity: nil
      case .gzip: try GzipUnpacker()
      case .zstd: try ZstdUnpacker()
      }
    buffer = .allocate(byteCount: unpacker == nil ? 0 : Self.bufferBytes, alignment: 16)
  }

  deinit {
    buffer.deallocate()
  }

  /// Unpacks the next piece of the body and hands out what it becomes.
  ///
  /// - Throws: ``Failure`` if the bytes are not what the coding makes, or the ratio is too high; and
  ///   what `sink` throws.
  func decode(
    _ piece: UnsafeRawBufferPointer, to sink: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    guard let unpacker else {
      if !piece.isEmpty { try sink(piece) }
      return
    }
    var input = piece
    var hasMore = !piece.isEmpty
    while hasMore {
      let before = input.count
      let count = try unpacker.unpack(&input, into: buffer, hasMore: &hasMore)
      received += before - input.count
      unpacked += count
      guard unpacked <= max(Self.exemptBytes, received * Self.maxRatio) else {
        throw Failure.tooLarge(
          "the body is compressed more than \(Self.maxRatio) times; send it less compressed")
      }
      if count > 0 { try sink(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
    }
  }

  /// Ends the body.
  ///
  /// - Throws: ``Failure`` if the last stream in it has not ended.
  func finish() throws(Failure) {
    guard let unpacker, !unpacker.isAtEnd else { return }
    throw .malformed("the compressed body is cut off before its end")
  }
}

/// Undoes one coding. A body may be several streams one after the other, as both formats allow
/// (RFC 1952 §2.2, RFC 8878 §3).
protocol Unpacker: AnyObject {
  /// Whether at least one stream has been read, and the last one to its end.
  var isAtEnd: Bool { get }

  /// Unpacks from the front of `input` what fits into `output`.
  ///
  /// - Parameters:
  ///   - input: What is used of it is dropped.
  ///   - hasMore: Whether there is more to unpack without further input.
  /// - Returns: How many bytes of `output` are filled.
  /// - Throws: ``Failure`` if the bytes are not what the coding makes.
  func unpack(
    _ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer,
    hasMore: inout Bool
  ) throws(Failure) -> Int
}
