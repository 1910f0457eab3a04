extension File {
  /// Bytes from `offset` on; fewer than `count` only where the file ends.
  func readBytes(at offset: Int, count: Int) throws(StorageError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let read = try storing { () throws(FileError) in try fill(&bytes, at: offset) }
    bytes.removeLast(count - read)
    return bytes
  }

  /// Fills `buffer` from `offset` on, as far as the file goes; returns how far.
  func fill(_ buffer: inout [UInt8], at offset: Int) throws(FileError) -> Int {
    var result = Result<Int, FileError>.success(0)
    buffer.withUnsafeMutableBytes { bytes in
      result = Result { () throws(FileError) in try read(into: bytes, at: offset) }
    }
    return try result.get()
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
    try removeIfPresent(path)
    return try open(path, .create)
  }

  /// Removes a file that may not exist.
  func removeIfPresent(_ path: String) throws(FileError) {
    do {
      try remove(path)
    } catch {
      if !error.isNotFound { throw error }
    }
  }

  /// Opens a file; nil when there is none.
  func openExisting(_ path: String, _ mode: FileOpenMode) throws(StorageError) -> (any File)? {
    do {
      return try open(path, mode)
    } catch {
      if error.isNotFound { return nil }
      throw .file(error)
    }
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
