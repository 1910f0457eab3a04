import Raft
import Synchronization

/// The real disk, except that it can be full, and that reads and the log's synchronizations can fail.
final class FaultyDisk: FileSystem, Sendable {
  private let disk = PosixFileSystem()
  private let failures = Mutex(0)
  private let badReads = Mutex(BadReads())
  private let full = Atomic(false)
  private let synchronized = Mutex<[String]>([])

  /// The directories whose names were made durable, in order.
  var synchronizedDirectories: [String] { synchronized.withLock { $0 } }

  /// So many synchronizations of the log's files fail from now on.
  func failSynchronizations(_ count: Int) { failures.withLock { $0 = count } }

  private struct BadReads {
    var part = ""
    var good = 0
    var bad = 0
  }

  /// Of files whose path has this part, so many reads succeed from now on, and so many fail then.
  func failReads(of part: String, after good: Int = 0, _ bad: Int) {
    badReads.withLock { $0 = BadReads(part: part, good: good, bad: bad) }
  }

  /// Whether all reads that were to fail have failed.
  var hasFailedReads: Bool { badReads.withLock { $0.bad == 0 } }

  fileprivate func checkRead(_ path: String) throws(FileError) {
    let fails = badReads.withLock { reads in
      guard path.contains(reads.part), reads.bad > 0 else { return false }
      if reads.good > 0 {
        reads.good -= 1
        return false
      }
      reads.bad -= 1
      return true
    }
    guard fails else { return }
    throw FileError(operation: "pread", path: path, errno: 5, message: "Input/output error")
  }

  /// Whether there is no room for new files.
  var isFull: Bool {
    get { full.load(ordering: .sequentiallyConsistent) }
    set { full.store(newValue, ordering: .sequentiallyConsistent) }
  }

  fileprivate func checkSpace(_ operation: String, _ path: String) throws(FileError) {
    guard isFull else { return }
    throw FileError(
      operation: operation, path: path, errno: 28, message: "No space left on device")
  }

  fileprivate func checkSynchronization(_ path: String) throws(FileError) {
    let fails =
      path.contains("/wal/wal-")
      && failures.withLock { failures in
        defer { failures = max(0, failures - 1) }
        return failures > 0
      }
    guard fails else { return }
    throw FileError(operation: "fdatasync", path: path, errno: 5, message: "Input/output error")
  }

  func open(_ path: String, _ mode: FileOpenMode) throws(FileError) -> any File {
    if mode == .create { try checkSpace("open", path) }
    return FaultyFile(try disk.open(path, mode), on: self)
  }

  func list(_ directory: String) throws(FileError) -> [String] { try disk.list(directory) }
  func createDirectory(_ path: String) throws(FileError) { try disk.createDirectory(path) }
  func rename(_ source: String, to target: String) throws(FileError) {
    try disk.rename(source, to: target)
  }
  func remove(_ path: String) throws(FileError) { try disk.remove(path) }
  func synchronizeDirectory(_ path: String) throws(FileError) {
    try disk.synchronizeDirectory(path)
    synchronized.withLock { $0.append(path) }
  }
}

private final class FaultyFile: File {
  private let file: any File
  private let disk: FaultyDisk

  init(_ file: any File, on disk: FaultyDisk) {
    self.file = file
    self.disk = disk
  }

  var path: String { file.path }
  func size() throws(FileError) -> Int { try file.size() }
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileError) -> Int {
    try disk.checkRead(path)
    return try file.read(into: buffer, at: offset)
  }
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) {
    try file.write(bytes, at: offset)
  }
  func synchronize() throws(FileError) {
    try disk.checkSynchronization(path)
    try file.synchronize()
  }
  func preallocate(_ size: Int) throws(FileError) {
    try disk.checkSpace("posix_fallocate", path)
    try file.preallocate(size)
  }
  func truncate(to size: Int) throws(FileError) { try file.truncate(to: size) }
  func close() throws(FileError) { try file.close() }
}

/// What a person with a hex editor could do to a data directory.
extension TestNode {
  /// The log's segments, oldest first, or the snapshots.
  func files(in folder: String, ending suffix: String) throws -> [String] {
    try PosixFileSystem().list(options.dataDirectory + "/" + folder)
      .filter { $0.hasSuffix(suffix) }.map { options.dataDirectory + "/\(folder)/\($0)" }
  }

  /// Changes some bytes of a file.
  func damage(_ path: String, at offset: Int) throws {
    let file = try PosixFileSystem().open(path, .update)
    var bytes = [UInt8](repeating: 0, count: 4)
    try bytes.withUnsafeMutableBytes { bytes throws in
      _ = try file.read(into: bytes, at: offset)
      for i in bytes.indices { bytes[i] ^= 0x5A }
      try file.write(UnsafeRawBufferPointer(bytes), at: offset)
    }
    try file.close()
  }
}
