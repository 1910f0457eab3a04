import Glibc

/// A file as large as a segment, all of it written beforehand, that is written from front to back and
/// then again.
final class RawFile {
  private let descriptor: Int32
  private let block: [UInt8]
  private let size = 16 << 20
  private var offset = 0

  struct Failed: Error {
    let call: String
    let code: Int32
  }

  init(path: String, write count: Int) throws {
    descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
    block = [UInt8](repeating: 1, count: count)
    guard descriptor >= 0 else { throw Failed(call: "open", code: errno) }
    let zeros = [UInt8](repeating: 0, count: size)
    guard pwrite(descriptor, zeros, size, 0) == size, fsync(descriptor) == 0 else {
      throw Failed(call: "pwrite", code: errno)
    }
  }

  deinit { close(descriptor) }

  /// Writes blocks and makes each durable.
  func append(_ count: Int) throws {
    for _ in 0..<count {
      if offset + block.count > size { offset = 0 }
      guard pwrite(descriptor, block, block.count, off_t(offset)) == block.count else {
        throw Failed(call: "pwrite", code: errno)
      }
      guard fdatasync(descriptor) == 0 else { throw Failed(call: "fdatasync", code: errno) }
      offset += block.count
    }
  }
}
