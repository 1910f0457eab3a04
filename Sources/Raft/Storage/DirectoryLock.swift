#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Keeps other processes out of a data directory for as long as it exists. The system lets go of the
/// lock when the process ends, however it ends.
public final class DirectoryLock {
  private let descriptor: Int32

  /// Locks `directory`, which must exist, by the file `lock` in it. Throws `StorageError.locked` when
  /// another holder has it.
  public init(directory: String) throws(StorageError) {
    let path = directory + "/lock"
    func failed(_ operation: String, _ code: Int32) -> StorageError {
      .file(
        FileError(
          operation: operation, path: path, errno: code, message: String(cString: strerror(code))))
    }
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failed("open", errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      let holder = Self.recordedProcess(descriptor)
      close(descriptor)
      throw code == EWOULDBLOCK
        ? .locked(directory: directory, process: holder) : failed("flock", code)
    }
    // The number is for people only; that it can't be written is no reason to refuse.
    let text = Array("\(getpid())\n".utf8)
    if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  private static func recordedProcess(_ descriptor: Int32) -> Int32? {
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return nil }
    return Int32(String(decoding: bytes[..<count].prefix { $0 != 10 }, as: UTF8.self))
  }
}
