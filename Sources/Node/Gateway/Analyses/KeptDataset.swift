import Crypto
import Foundation

/// The bytes of a dataset, kept until they are read again: in a file without a name, which is
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

  /// Adds bytes at the end.
  func append(_ bytes: [UInt8]) throws(CannotKeep) {
    try bytes.withUnsafeBufferPointer { buffer throws(CannotKeep) in
      try append(UnsafeRawBufferPointer(buffer))
    }
  }

  /// Bytes so far.
  var count: Int {
    get throws(CannotKeep) {
      var status = stat()
      guard fstat(descriptor, &status) == 0 else { throw CannotKeep(code: errno) }
      return Int(status.st_size)
    }
  }

  /// All bytes from the beginning, a piece at a time.
  var pieces: BodyPieces {
    BodyPieces {
      var offset = 0
      return {
        let piece = try self.piece(at: offset)
        offset += piece.count
        return piece.isEmpty ? nil : piece
      }
    }
  }

  private func piece(at offset: Int) throws(CannotKeep) -> [UInt8] {
    var failure: CannotKeep?
    let piece = [UInt8](unsafeUninitializedCapacity: 256 << 10) { buffer, count in
      var read = -1
      repeat {
        read = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
      } while read < 0 && errno == EINTR
      if read < 0 { failure = CannotKeep(code: errno) }
      count = max(0, read)
    }
    if let failure { throw failure }
    return piece
  }

  /// Reads all bytes from the beginning, a piece at a time.
  func forEachPiece(_ body: ([UInt8]) throws -> Void) throws {
    let next = pieces.begin()
    while let piece = try next() { try body(piece) }
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
