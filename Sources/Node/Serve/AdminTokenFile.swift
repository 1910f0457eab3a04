import Foundation

/// The operator's token on this node: given, or made at the first start and kept in
/// `DATA_DIR/admin-token`, which only the service's user may read.
struct AdminTokenFile {
  let path: String
  private let directory: String

  init(dataDirectory: String) {
    directory = dataDirectory
    path = dataDirectory + "/admin-token"
  }

  /// The token to use. A given one is not written down.
  func load(given: String?) throws -> String {
    if let given { return given }
    if let token = try stored() {
      if let flaw = AdminToken.flaw(of: token) {
        throw StartupError.machine(
          "the admin token in \(path) \(flaw); write another, or remove the file to have one made")
      }
      return token
    }
    let token = AdminToken.make()
    try store(token)
    return token
  }

  /// Nil without a file, and when it is empty, as a crash of an older version could leave it.
  private func stored() throws -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 {
      if errno == ENOENT { return nil }
      throw failure("read")
    }
    defer { close(descriptor) }
    // More than a token may have, so that one that is too long is seen to be.
    var bytes = [UInt8](repeating: 0, count: 2 * AdminToken.maximumBytes)
    let count = read(descriptor, &bytes, bytes.count)
    guard count >= 0 else { throw failure("read") }
    let token = String(decoding: bytes[..<count], as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    return token.isEmpty ? nil : token
  }

  /// The file has its name only once its content is durable.
  private func store(_ token: String) throws {
    let temporary = path + "." + UUID().uuidString + ".tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure("write") }
    defer { close(descriptor) }
    let line = Array((token + "\n").utf8)
    guard write(descriptor, line, line.count) == line.count, fsync(descriptor) == 0,
      rename(temporary, path) == 0
    else {
      let error = failure("write")
      unlink(temporary)
      throw error
    }
    let folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw failure("write") }
    defer { close(folder) }
    guard fsync(folder) == 0 else { throw failure("write") }
  }

  private func failure(_ verb: String) -> StartupError {
    .machine("can't \(verb) the admin token in \(path): \(String(cString: strerror(errno)))")
  }
}
