/// The few file operations that the log, snapshots and small files need, so that the same storage
/// code runs on a real disk and on a simulated one.
///
/// Guarantees asked of an implementation are those of POSIX, no more:
/// - written bytes survive a crash only after `File.synchronize()` returned; before that each
///   512-byte sector may hold the old or the new bytes, and the one that was being written a part of each;
/// - a created, renamed or removed name survives a crash only after `synchronizeDirectory`;
/// - `rename` replaces its target in one step;
/// - a removed or renamed file stays usable through handles that are open.
///
/// Calls block. An owner uses a file system and its files from one thread at a time.
public protocol FileSystem {
  /// Opens the file at `path`.
  func open(_ path: String, _ mode: FileOpenMode) throws(FileError) -> any File
  /// The names in a directory, without `.` and `..`, sorted.
  func list(_ directory: String) throws(FileError) -> [String]
  /// Makes a directory. One that exists already is no error. The parent must exist.
  func createDirectory(_ path: String) throws(FileError)
  /// Gives the file at `source` the name `target`, replacing what has that name.
  func rename(_ source: String, to target: String) throws(FileError)
  /// Removes the file at `path`.
  func remove(_ path: String) throws(FileError)
  /// Makes the names in a directory durable.
  func synchronizeDirectory(_ path: String) throws(FileError)
}

/// How `FileSystem.open` opens.
public enum FileOpenMode: Hashable, Sendable {
  /// An existing file, to read.
  case read
  /// An existing file, to read and write.
  case update
  /// An empty file, to read and write; one that exists is emptied.
  case create
}

/// An open file. Closed at the latest when the last reference goes.
public protocol File: AnyObject {
  /// Where it was opened, for messages.
  var path: String { get }
  /// Its length in bytes.
  func size() throws(FileError) -> Int
  /// Fills `buffer` from `offset` on, and returns how many bytes there were: fewer than asked for only
  /// where the file ends.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileError) -> Int
  /// Writes all of `bytes` at `offset`; the file grows as needed.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError)
  /// Makes all that was written, and the length, durable (`fdatasync`). After an error nothing is
  /// known about what was written since the last success, and a second call proves nothing.
  func synchronize() throws(FileError)
  /// Lengthens the file to `size` with zeros whose blocks are allocated and written, so that writing
  /// there later neither runs out of space nor changes metadata. Never shortens.
  func preallocate(_ size: Int) throws(FileError)
  /// Cuts the file, or lengthens it with zeros, to `size`.
  func truncate(to size: Int) throws(FileError)
  /// Closes the file; no other call may follow.
  func close() throws(FileError)
}

/// A file operation that the operating system refused.
public struct FileError: Error, Hashable, CustomStringConvertible {
  /// The operation, as its manual page is named: `open`, `pwrite`, `fdatasync`.
  public var operation: String
  /// The file or directory.
  public var path: String
  /// The system's number for the reason.
  public var errno: Int32
  /// The system's words for the reason.
  public var message: String

  /// Makes an error.
  public init(operation: String, path: String, errno: Int32, message: String) {
    self.operation = operation
    self.path = path
    self.errno = errno
    self.message = message
  }

  /// Whether the file or directory does not exist.
  public var isNotFound: Bool { errno == 2 }
  /// Whether the disk or quota is full.
  public var isNoSpace: Bool { errno == 28 || errno == 122 }

  /// The operation, its file and the reason.
  public var description: String { "\(operation) \(path): \(message) (errno \(errno))" }
}
