import Foundation

/// A file of byte strings, each behind its length in four bytes.
struct RecordFile {
  let path: String

  struct Problem: Error, CustomStringConvertible {
    let description: String
  }

  /// Adds records at the end of the file, or makes it.
  func append(_ records: [[UInt8]]) throws {
    var bytes = Data()
    for record in records {
      withUnsafeBytes(of: UInt32(record.count).littleEndian) { bytes.append(contentsOf: $0) }
      bytes.append(contentsOf: record)
    }
    if !FileManager.default.fileExists(atPath: path) {
      guard FileManager.default.createFile(atPath: path, contents: nil) else {
        throw Problem(description: "can't write \(path): \(String(cString: strerror(errno)))")
      }
    }
    guard let file = FileHandle(forWritingAtPath: path) else {
      throw Problem(description: "can't write \(path): \(String(cString: strerror(errno)))")
    }
    try file.seekToEnd()
    try file.write(contentsOf: bytes)
    try file.close()
  }

  func read() throws -> [[UInt8]] {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    var records: [[UInt8]] = []
    var offset = 0
    while offset < bytes.count {
      guard bytes.count - offset >= 4 else { throw cut }
      let count = bytes.withUnsafeBytes {
        Int(UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
      }
      offset += 4
      guard bytes.count - offset >= count else { throw cut }
      records.append(Array(bytes[offset..<offset + count]))
      offset += count
    }
    return records
  }

  private var cut: Problem { Problem(description: "\(path) ends within a record") }
}
