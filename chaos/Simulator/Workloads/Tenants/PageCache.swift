import CSQLite
import Raft

/// The files of one member's database, as the system's page cache holds them: what a process wrote is
/// there for the next one, until the power fails. Reached by SQLite through a `PageCacheVFS`.
final class PageCache {
  private var files: [String: CachedFile] = [:]
  private var random: RandomSource
  /// Nil when the process does not stop by itself.
  private var writesUntilStop: Int?
  /// The process has stopped within a write, and does nothing more.
  private(set) var isStopped = false

  init(seed: UInt64) { random = RandomSource(seed: seed) }

  // MARK: Faults

  func armStop(after writes: Int) { writesUntilStop = writes }

  func disarmStop() { writesUntilStop = nil }

  /// The process ends; the files stay, for those who open them from now on.
  func endProcess() {
    for (name, file) in files {
      // Locks and shared memory go with the process.
      files[name] = CachedFile(bytes: file.bytes)
      file.isAbandoned = true
      file.bytes = []
    }
    writesUntilStop = nil
    isStopped = false
  }

  /// Nothing stays.
  func losePower() {
    endProcess()
    files = [:]
  }

  // MARK: Files

  func exists(_ path: String) -> Bool { files[path].map { !$0.bytes.isEmpty } ?? false }

  func open(_ path: String, creates: Bool) -> CachedFile? {
    if let file = files[path] { return file }
    guard creates, !isStopped else { return nil }
    let file = CachedFile()
    files[path] = file
    return file
  }

  func remove(_ path: String) -> Int32 {
    guard mayWrite() else { return SQLITE_IOERR }
    return files.removeValue(forKey: path) == nil ? CachedFile.removedNothing : SQLITE_OK
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int, to file: CachedFile) -> Int32 {
    guard !file.isAbandoned, !isStopped else { return SQLITE_IOERR }
    guard mayWrite() else {
      let written = bytes[..<random.draw(0...bytes.count)]
      file.write(UnsafeRawBufferPointer(rebasing: written), at: offset)
      return SQLITE_IOERR
    }
    file.write(bytes, at: offset)
    return SQLITE_OK
  }

  func truncate(_ file: CachedFile, to size: Int) -> Int32 {
    guard !file.isAbandoned, mayWrite() else { return SQLITE_IOERR }
    if size < file.bytes.count { file.bytes.removeLast(file.bytes.count - size) }
    return SQLITE_OK
  }

  private func mayWrite() -> Bool {
    if let writes = writesUntilStop {
      writesUntilStop = writes - 1
      if writes <= 0 { isStopped = true }
    }
    return !isStopped
  }
}
