extension File {
  /// Bytes from `offset` on; fewer than `count` only where the file ends.
  func readBytes(at offset: Int, count: Int) throws(StorageError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let read = try storing { () throws(FileError) in
      var result = Result<Int, FileError>.success(0)
      bytes.withUnsafeMutableBytes { buffer in
        result = Result { () throws(FileError) in try self.read(into: buffer, at: offset) }
      }
      return try result.get()
    }
    bytes.removeLast(count - read)
    return bytes
  }

  /// Writes all of `bytes` at `offset`.
  func writeBytes(_ bytes: [UInt8], at offset: Int) throws(FileError) {
    var result = Result<Void, FileError>.success(())
    bytes.withUnsafeBytes { buffer in
      result = Result { () throws(FileError) in try write(buffer, at: offset) }
    }
    try result.get()
  }
}

/// Runs file operations whose errors are to be told as they are.
func storing<R>(_ body: () throws(FileError) -> R) throws(StorageError) -> R {
  do {
    return try body()
  } catch {
    throw .file(error)
  }
}

extension FileSystem {
  /// Makes a directory whose name is durable. The parent must exist.
  func createDurableDirectory(_ path: String) throws(FileError) {
    try createDirectory(path)
    let parent = path.lastIndex(of: "/").map { path[..<$0] } ?? "."
    try synchronizeDirectory(parent.isEmpty ? "/" : String(parent))
  }

  /// Makes an empty file that is no other name's file. A crash in the middle of a rename may have left
  /// a temporary name for a file that has its final name too; emptying that would be fatal.
  func createFresh(_ path: String) throws(FileError) -> any File {
    do {
      try remove(path)
    } catch {
      if !error.isNotFound { throw error }
    }
    return try open(path, .create)
  }

  /// Puts a file in place of `path` in one step: a crash leaves the old one or the new one, whole.
  func replace(_ path: String, in directory: String, with bytes: [UInt8]) throws(FileError) {
    let temporary = path + ".tmp"
    let file = try createFresh(temporary)
    try file.writeBytes(bytes, at: 0)
    try file.synchronize()
    try file.close()
    try rename(temporary, to: path)
    try synchronizeDirectory(directory)
  }
}
