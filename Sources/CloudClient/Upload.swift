import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// Where a request's body comes from.
enum BodySource: Sendable {
  case bytes(Data)
  /// A file, and whom to tell how much of it was sent.
  case file(path: String, progress: @Sendable (UploadProgress) -> Void)
}

/// How much of a file was sent.
public struct UploadProgress: Equatable, Sendable {
  /// Bytes sent so far.
  public var sent: Int64
  /// Bytes of the file.
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
/// A new one is made for each attempt. A file is read on a thread of NIO's pool, a chunk at a
/// time, when the connection has room for it; it is closed when the upload goes away.
final class Upload: AsyncSequence, Sendable {
  /// Large enough that a system call is cheap beside it, small enough to hold many.
  private static let chunkBytes = 256 << 10

  let length: Int64
  private let source: Source
  private let handedOver = Mutex<Int64>(0)

  private enum Source: Sendable {
    case bytes(Data)
    case file(FileHandle, path: String, progress: @Sendable (UploadProgress) -> Void)
  }

  init(_ body: BodySource) throws(ExchangeFailure) {
    switch body {
    case .bytes(let data):
      length = Int64(data.count)
      source = .bytes(data)
    case .file(let path, let progress):
      guard let file = FileHandle(forReadingAtPath: path) else {
        let reason = String(cString: strerror(errno)).lowercased()
        throw ExchangeFailure(kind: .unreadableFile(path: path), reason: reason)
      }
      var status = stat()
      guard fstat(file.fileDescriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
        throw ExchangeFailure(kind: .unreadableFile(path: path), reason: "it is no regular file")
      }
      length = Int64(status.st_size)
      source = .file(file, path: path, progress: progress)
    }
  }

  /// Whether the last byte was handed over: from then on the server may have the whole request.
  var isHandedOver: Bool { handedOver.withLock { $0 } >= length }

  func makeAsyncIterator() -> Iterator { Iterator(upload: self) }

  struct Iterator: AsyncIteratorProtocol {
    let upload: Upload

    func next() async throws -> ByteBuffer? { try await upload.next() }
  }

  private func next() async throws -> ByteBuffer? {
    let sent = handedOver.withLock { $0 }
    let chunk: ByteBuffer
    switch source {
    case .bytes(let data):
      guard sent < length else { return nil }
      chunk = ByteBuffer(bytes: data)
    case .file(let file, let path, let progress):
      progress(UploadProgress(sent: sent, total: length))
      guard sent < length else { return nil }
      // What is appended to the file after it was opened is not part of this upload.
      let wanted = Int(Swift.min(Int64(Self.chunkBytes), length - sent))
      chunk = try await NIOThreadPool.singleton.runIfActive {
        guard let data = try file.read(upToCount: wanted), !data.isEmpty else {
          throw FileReadError(path: path, reason: "it became shorter while it was sent")
        }
        return ByteBuffer(bytes: data)
      }
    }
    handedOver.withLock { $0 += Int64(chunk.readableBytes) }
    return chunk
  }
}
