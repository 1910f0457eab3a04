import Crypto
import Foundation

/// The operator's token on this node: given, or made at the first start and kept in
/// `DATA_DIR/admin-token`, which only the service's user may read.
struct AdminTokenFile {
  let path: String

  init(dataDirectory: String) { path = dataDirectory + "/admin-token" }

  /// The token to use. A given one is not written down.
  func load(given: String?) throws -> String {
    if let given { return given }
    if let token = try? String(contentsOfFile: path, encoding: .utf8)
      .trimmingCharacters(in: .whitespacesAndNewlines), !token.isEmpty
    {
      return token
    }
    let secret = SymmetricKey(size: .bits256).withUnsafeBytes { bytes in
      Data(bytes).base64EncodedString()
        .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
        .replacingOccurrences(of: "=", with: "")
    }
    let token = "cla_" + secret
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    guard descriptor >= 0 else { throw failure() }
    defer { close(descriptor) }
    let line = Array((token + "\n").utf8)
    guard write(descriptor, line, line.count) == line.count, fsync(descriptor) == 0 else {
      throw failure()
    }
    return token
  }

  private func failure() -> StartupError {
    .machine("can't write the admin token to \(path): \(String(cString: strerror(errno)))")
  }
}
