import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// Where a request's body comes from: pieces that follow on each other, and whom to tell how much of them
/// was sent.
struct BodySource: Sendable {
  enum Piece: Sendable {
    case bytes(Data)
    case file(path: String)
  }

  var pieces: [Piece]
  var progress: @Sendable (UploadProgress) -> Void = { _ in }

  static func bytes(_ data: Data) -> BodySource { BodySource(pieces: [.bytes(data)]) }
}

/// How much of an upload was sent.
public struct UploadProgress: Equatable, Sendable {
  /// Bytes sent so far.
  public var sent: Int64
  /// Bytes in all: of the file, or of a form with two of them.
  public var total: Int64

  /// So much of so much.
  public init(sent: Int64, total: Int64) {
    self.sent = sent
    self.total = total
  }
}

/// A file that could not be opened or read to its end.
struct FileReadError: Error {
  var path: String
  var reason: String
}

/// One sending of a body, in chunks, that knows how much of it was handed over to the network.
///
/// A new one is made for each attempt. Files are read on a thread of NIO's pool, a chunk at a
/// time, when the connection has room for it; they are closed when the upload goes away.
final class Upload: AsyncSequence, Sendable {
  /// Large enough that a system call is cheap beside it, small enough to hold many.
  private static let chunkBytes = 256 << 10

  let length: Int64
  private let pieces: [Piece]
  private let progress: @Sendable (UploadProgress) -> Void
  private let position = Mutex(Position())

  private enum Piece: Sendable {
    case bytes(Data)
    case file(FileHandle, path: String, length: Int64)

    var length: Int64 {
      switch self {
      case .bytes(let data): Int64(data.count)
      case .file(_, _, let length): length
      }
    }
  }

  private struct Position {
    /// The piece whose bytes come next, and how many of it were handed over.
    var piece = 0
    var offset: Int64 = 0
    /// Bytes handed over of all pieces.
    var total: Int64 = 0
  }

  init(_ body: BodySource) throws(ExchangeFailure) {
    var pieces: [Piece] = []
    for piece in body.pieces { pieces.append(try Self.open(piece)) }
    self.pieces = pieces
    progress = body.progress
    length = pieces.reduce(0) { $0 + $1.length }
  }

  private static func open(_ piece: BodySource.Piece) throws(ExchangeFailure) -> Piece {
    switch piece {
    case .bytes(let data): return .bytes(data)
    case .file(let path):
      guard let file = FileHandle(forReadingAtPath: path) else {
        let reason = String(cString: strerror(errno)).lowercased()
        throw ExchangeFailure(kind: .unreadableFile(path: path), reason: reason)
      }
      var status = stat()
      guard fstat(file.fileDescriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
        throw ExchangeFailure(kind: .unreadableFile(path: path), reason: "it is no regular file")
      }
      return .file(file, path: path, length: Int64(status.st_size))
    }
  }

  /// Whether the last byte was handed over: from then on the server may have the whole request.
  var isHandedOver: Bool { position.withLock { $0.total } >= length }

  func makeAsyncIterator() -> Iterator { Iterator(upload: self) }

  struct Iterator: AsyncIteratorProtocol {
    let upload: Upload

    func next() async throws -> ByteBuffer? { try await upload.next() }
  }

  private func next() async throws -> ByteBuffer? {
    let position = position.withLock { position in
      while position.piece < pieces.count, position.offset >= pieces[position.piece].length {
        position.piece += 1
        position.offset = 0
      }
      return position
    }
    progress(UploadProgress(sent: position.total, total: length))
    guard position.piece < pieces.count else { return nil }
    let chunk: ByteBuffer
    switch pieces[position.piece] {
    case .bytes(let data): chunk = ByteBuffer(bytes: data)
    case .file(let file, let path, let length):
      // What is appended to the file after it was opened is not part of this upload.
      let wanted = Int(Swift.min(Int64(Self.chunkBytes), length - position.offset))
      chunk = try await NIOThreadPool.singleton.runIfActive {
        guard let data = try file.read(upToCount: wanted), !data.isEmpty else {
          throw FileReadError(path: path, reason: "it became shorter while it was sent")
        }
        return ByteBuffer(bytes: data)
      }
    }
    self.position.withLock {
      $0.offset += Int64(chunk.readableBytes)
      $0.total += Int64(chunk.readableBytes)
    }
    return chunk
  }
}
