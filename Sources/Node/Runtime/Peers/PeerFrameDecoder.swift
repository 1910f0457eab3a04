import NIOCore

/// Cuts a stream of bytes into frames. A length beyond the limit is refused before anything is kept
/// for it.
final class PeerFrameDecoder: ByteToMessageDecoder {
  typealias InboundOut = ByteBuffer

  /// The longest frame that is taken. Small until the peer has said who it is.
  var limit: Int

  init(limit: Int) { self.limit = limit }

  func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
    guard let length = buffer.getInteger(at: buffer.readerIndex, as: UInt32.self) else {
      return .needMoreData
    }
    guard length <= limit else { throw PeerFrameError.tooLong(length, limit: limit) }
    guard buffer.readableBytes >= 4 + Int(length) else { return .needMoreData }
    buffer.moveReaderIndex(forwardBy: 4)
    if let frame = buffer.readSlice(length: Int(length)) {
      context.fireChannelRead(wrapInboundOut(frame))
    }
    return .continue
  }

  func decodeLast(
    context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool
  ) throws -> DecodingState {
    // A frame that the connection's end cut short is of no use.
    try decode(context: context, buffer: &buffer)
  }
}
