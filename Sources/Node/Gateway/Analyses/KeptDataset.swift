import Crypto
import Foundation

/// The bytes of a dataset, kept until they are read a second time: in a file without a name, which is
/// gone when nobody has it open, whatever becomes of this program.
final class KeptDataset: Sendable {
  /// There is no room, or no file.
  struct CannotKeep: Error, CustomStringConvertible {
    var code: Int32

    var description: String { "a dataset cannot be kept: \(String(cString: strerror(code)))" }
  }

  private let descriptor: Int32

  init() throws(CannotKeep) {
    var template = Array((NSTemporaryDirectory() + "/clean-dataset-XXXXXX").utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw CannotKeep(code: errno) }
    unlink(template)
  }

  deinit { close(descriptor) }

  /// Adds bytes at the end.
  func append(_ bytes: UnsafeRawBufferPointer) throws(CannotKeep) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = UnsafeRawBufferPointer(rebasing: rest)
      let count = write(descriptor, part.baseAddress, part.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw CannotKeep(code: errno)
      }
      rest = rest.dropFirst(count)
    }
  }

  /// Reads all bytes from the beginning, a piece at a time.
  func forEachPiece(_ body: ([UInt8]) throws -> Void) throws {
    var offset = 0
    var piece = [UInt8](repeating: 0, count: 256 << 10)
    while true {
      let count = pread(descriptor, &piece, piece.count, off_t(offset))
      if count < 0 {
        if errno == EINTR { continue }
        throw CannotKeep(code: errno)
      }
      guard count > 0 else { return }
      offset += count
      try body(count == piece.count ? piece : Array(piece[..<count]))
    }
  }

  /// The SHA-256 of all bytes, in hexadecimal.
  func sha256() throws -> String {
    var hash = SHA256()
    try forEachPiece { hash.update(data: $0) }
    return hash.finalize().map { byte in
      let digits = String(byte, radix: 16)
      return byte < 16 ? "0" + digits : digits
    }.joined()
  }
}
