import CloudClient
import Foundation

/// What a login leaves behind for later commands.
struct Credentials: Codable, Equatable {
  var email: String
  var accessToken: String
  var refreshToken: String?
  /// The `Idempotency-Key` that the refresh token goes with, the one time that it is used.
  var refreshKey: String?
  var expiresAt: Date

  enum CodingKeys: String, CodingKey {
    case email
    case accessToken = "access_token"
    case refreshToken = "refresh_token"
    case refreshKey = "refresh_key"
    case expiresAt = "expires_at"
  }
}

/// The file that holds the last login's credentials, readable by its owner alone.
struct CredentialStore {
  var file: URL

  /// `$XDG_CONFIG_HOME/clean/credentials.json`, by default under `~/.config`.
  static func standard(_ environment: [String: String]) -> CredentialStore {
    let configured = environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 }
    let folder =
      configured.map { URL(fileURLWithPath: $0) }
      ?? URL(fileURLWithPath: environment["HOME"] ?? NSHomeDirectory())
      .appendingPathComponent(".config")
    return CredentialStore(file: folder.appendingPathComponent("clean/credentials.json"))
  }

  /// The credentials of the last login, or nil when there was none.
  func load() throws -> Credentials? {
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    do {
      return try JSONDecoder.cleanCloud.decode(Credentials.self, from: Data(contentsOf: file))
    } catch {
      throw CommandFailure.wrongUsage(
        "\(file.path) cannot be read; delete it and log in again, or give --token")
    }
  }

  /// Keeps the credentials. The file is never, not even for a moment, readable by others: it is
  /// made with mode 0600 under another name and then moved into place.
  func save(_ credentials: Credentials) throws {
    let folder = file.deletingLastPathComponent()
    let draft = folder.appendingPathComponent(".credentials-\(UUID().uuidString)")
    do {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      let encoder = JSONEncoder.cleanCloud
      encoder.outputFormatting.insert(.prettyPrinted)
      try write(try encoder.encode(credentials), to: draft)
      guard rename(draft.path, file.path) == 0 else { throw SystemError.last }
    } catch {
      unlink(draft.path)
      throw CommandFailure.wrongUsage(
        "the token cannot be kept in \(file.path) (\(error)); make the folder writable, "
          + "or set XDG_CONFIG_HOME to one that is")
    }
  }

  /// Forgets the last login.
  func clear() {
    unlink(file.path)
  }

  private func write(_ data: Data, to url: URL) throws {
    let descriptor = open(url.path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    guard descriptor >= 0 else { throw SystemError.last }
    try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).write(contentsOf: data)
  }
}

private struct SystemError: Error, CustomStringConvertible {
  var code: Int32
  var description: String { String(cString: strerror(code)).lowercased() }

  static var last: SystemError { SystemError(code: errno) }
}
