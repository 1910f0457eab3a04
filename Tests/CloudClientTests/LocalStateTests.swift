import CloudClient
import Foundation
import Synchronization
import Testing

@testable import clean_ctl

/// What was written, in order.
final class Collected: Sendable {
  private let texts = Mutex<[String]>([])

  var all: [String] { texts.withLock { $0 } }

  func append(_ text: String) {
    texts.withLock { $0.append(text) }
  }
}

@Suite struct CredentialStoreTests {
  private let credentials = Credentials(
    email: "ada@example.com", accessToken: "eyJ", refreshToken: nil,
    expiresAt: Date(timeIntervalSince1970: 1_769_851_800))

  private func withFolder<Value>(_ body: (URL) throws -> Value) throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }

  @Test func credentialsAreKeptForTheirOwnerAlone() throws {
    try withFolder { folder in
      let store = CredentialStore.standard(["XDG_CONFIG_HOME": folder.path, "HOME": "/nowhere"])
      #expect(try store.load() == nil)
      try store.save(credentials)
      try store.save(credentials)
      #expect(try store.load() == credentials)
      let clean = folder.appendingPathComponent("clean")
      #expect(store.file == clean.appendingPathComponent("credentials.json"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: clean.path).count == 1)
      #expect(try mode(of: store.file) == 0o600)
      #expect(try mode(of: clean) == 0o700)
    }
  }

  private func mode(of url: URL) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: url.path)[.posixPermissions] as? Int
  }

  @Test func homeIsWhereTheyAreByDefault() {
    let store = CredentialStore.standard(["HOME": "/home/ada"])
    #expect(store.file.path == "/home/ada/.config/clean/credentials.json")
  }

  @Test func damagedFileIsReportedWithWhatToDo() throws {
    try withFolder { folder in
      let store = CredentialStore(file: folder.appendingPathComponent("credentials.json"))
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data("{".utf8).write(to: store.file)
      let error = #expect(throws: CommandFailure.self) { try store.load() }
      #expect(error?.message.contains("log in again") == true)
    }
  }

  @Test func optionComesBeforeEnvironment() throws {
    let plain = try GlobalOptions.parse([])
    let given = try GlobalOptions.parse(["--token", "clk_1", "--endpoints", "http://a, http://b"])
    let environment = ["CLEAN_TOKEN": "clk_2", "CLEAN_ENDPOINTS": "http://c"]
    #expect(given.givenToken(environment: environment) == "clk_1")
    #expect(plain.givenToken(environment: environment) == "clk_2")
    #expect(plain.givenToken(environment: ["CLEAN_TOKEN": ""]) == nil)
    #expect(given.endpointList(environment: environment) == ["http://a", "http://b"])
    #expect(plain.endpointList(environment: environment) == ["http://c"])
    #expect(plain.endpointList(environment: [:]) == ["http://127.0.0.1:8000"])
  }
}

@Suite struct PasswordTests {
  private func typed(_ bytes: [UInt8]) throws -> String? {
    var rest = bytes[...]
    return try Password.line(of: { rest.popFirst() })
  }

  @Test func keysEditTheLine() throws {
    #expect(try typed(Array("secret\nrest".utf8)) == "secret")
    #expect(try typed(Array("secrex".utf8) + [0x7F] + Array("t\r".utf8)) == "secret")
    #expect(try typed(Array("wrong".utf8) + [0x15] + Array("right\n".utf8)) == "right")
    #expect(try typed(Array("aé".utf8) + [0x08] + Array("b\n".utf8)) == "ab")
  }

  @Test func endOfInputEndsTheLine() throws {
    #expect(try typed([]) == nil)
    #expect(try typed([0x04]) == nil)
    #expect(try typed(Array("secret".utf8)) == "secret")
  }

  @Test func interruptGivesUp() {
    #expect(throws: CommandFailure.self) { try typed(Array("sec".utf8) + [0x03]) }
  }
}
