import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The operating system's files.
public struct PosixFileSystem: FileSystem, Sendable {
  /// Makes one; it has no state.
  public init() {}

  /// Opens with `O_CLOEXEC`; new files are their owner's alone.
  public func open(_ path: String, _ mode: FileOpenMode) throws(FileError) -> any File {
    let (access, options): (FileDescriptor.AccessMode, FileDescriptor.OpenOptions) =
      switch mode {
      case .read: (.readOnly, [.closeOnExec])
      case .update: (.readWrite, [.closeOnExec])
      case .create: (.readWrite, [.create, .truncate, .closeOnExec])
      }
    let descriptor = try attempt("open", path) {
      try FileDescriptor.open(
        path, access, options: options, permissions: [.ownerReadWrite])
    }
    return PosixFile(path: path, descriptor: descriptor)
  }

  /// Lists by `readdir`.
  public func list(_ directory: String) throws(FileError) -> [String] {
    guard let stream = opendir(directory) else { throw .last("opendir", directory) }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
      // The end and an error are told apart by errno alone.
      errno = 0
      guard let entry = readdir(stream) else {
        if errno != 0 { throw .last("readdir", directory) }
        return names.sorted()
      }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
  }

  /// Makes a directory for its owner alone.
  public func createDirectory(_ path: String) throws(FileError) {
    if mkdir(path, 0o700) != 0 && errno != EEXIST { throw .last("mkdir", path) }
  }

  /// Renames by `renameat`.
  public func rename(_ source: String, to target: String) throws(FileError) {
    if renameat(AT_FDCWD, source, AT_FDCWD, target) != 0 { throw .last("rename", source) }
  }

  /// Removes by `unlink`.
  public func remove(_ path: String) throws(FileError) {
    if unlink(path) != 0 { throw .last("unlink", path) }
  }

  /// Opens the directory for `fsync`.
  public func synchronizeDirectory(_ path: String) throws(FileError) {
    let descriptor = try attempt("open", path) {
      try FileDescriptor.open(path, .readOnly, options: [.directory, .closeOnExec])
    }
    defer { try? descriptor.close() }
    if fsync(descriptor.rawValue) != 0 { throw .last("fsync", path) }
  }
}

/// A file of the operating system.
final class PosixFile: File {
  let path: String
  private var descriptor: FileDescriptor?

  init(path: String, descriptor: FileDescriptor) {
    self.path = path
    self.descriptor = descriptor
  }

  deinit { try? descriptor?.close() }

  private var open: FileDescriptor {
    guard let descriptor else { preconditionFailure("\(path) is used after it was closed") }
    return descriptor
  }

  func size() throws(FileError) -> Int {
    var status = stat()
    if fstat(open.rawValue, &status) != 0 { throw .last("fstat", path) }
    return Int(status.st_size)
  }

  func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(FileError) -> Int {
    var done = 0
    while done < buffer.count {
      let count = try attempt("pread", path) {
        try open.read(
          fromAbsoluteOffset: Int64(offset + done),
          into: UnsafeMutableRawBufferPointer(rebasing: buffer[done...]))
      }
      if count == 0 { break }
      done += count
    }
    return done
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) {
    _ = try attempt("pwrite", path) {
      try open.writeAll(toAbsoluteOffset: Int64(offset), bytes)
    }
  }

  func synchronize() throws(FileError) {
    #if canImport(Darwin)
      // Darwin's fsync leaves the data in the drive's cache.
      if fcntl(open.rawValue, F_FULLFSYNC) != 0 { throw .last("fcntl F_FULLFSYNC", path) }
    #else
      if fdatasync(open.rawValue) != 0 { throw .last("fdatasync", path) }
    #endif
  }

  func preallocate(_ size: Int) throws(FileError) {
    let start = try self.size()
    guard start < size else { return }
    #if os(Linux)
      // Fails at once, having written nothing, when there is no room.
      let code = posix_fallocate(open.rawValue, off_t(start), off_t(size - start))
      if code != 0 { throw FileError("posix_fallocate", path, Errno(rawValue: code)) }
    #endif
    // Allocated blocks count as unwritten until they are written; the first write to each would have
    // to journal that it no longer is.
    let zeros = [UInt8](repeating: 0, count: min(1 << 20, size - start))
    for offset in stride(from: start, to: size, by: zeros.count) {
      let count = min(zeros.count, size - offset)
      _ = try attempt("pwrite", path) {
        try zeros.withUnsafeBytes {
          try open.writeAll(
            toAbsoluteOffset: Int64(offset), UnsafeRawBufferPointer(rebasing: $0[..<count]))
        }
      }
    }
  }

  func truncate(to size: Int) throws(FileError) {
    if ftruncate(open.rawValue, off_t(size)) != 0 { throw .last("ftruncate", path) }
  }

  func close() throws(FileError) {
    // Closing twice is what a caller does who cleans up after a failed close.
    guard let open = descriptor else { return }
    // Whatever close answers, the descriptor is gone.
    descriptor = nil
    try attempt("close", path) { try open.close() }
  }
}

extension FileError {
  /// The error of the call that just failed.
  fileprivate static func last(_ operation: String, _ path: String) -> FileError {
    FileError(operation, path, lastErrno())
  }

  fileprivate init(_ operation: String, _ path: String, _ code: Errno) {
    self.init(
      operation: operation, path: path, errno: code.rawValue, message: code.description)
  }
}

/// Outside of `FileError`, whose own `errno` hides the system's.
private func lastErrno() -> Errno { Errno(rawValue: errno) }

/// Runs a call of swift-system, whose only error is `Errno`.
private func attempt<R>(
  _ operation: String, _ path: String, _ call: () throws -> R
) throws(FileError) -> R {
  do {
    return try call()
  } catch {
    throw FileError(operation, path, error as? Errno ?? .ioError)
  }
}
