import Foundation
import Testing

extension ProcessTests {
  /// What a node keeps is no business of other users of the machine.
  @Suite struct FileModeTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Whatever in the data directory others could open, with its mode.
    private func openToOthers(in node: NodeProcess) throws -> [String] {
      let contents = try #require(FileManager.default.enumerator(atPath: node.dataDirectory))
      let paths = [""] + contents.compactMap { $0 as? String }
      // The log, the database, the token and more.
      #expect(paths.count > 8, "\(paths)")
      return try paths.compactMap { path in
        let attributes = try FileManager.default.attributesOfItem(
          atPath: node.dataDirectory + "/" + path)
        let mode = try #require(attributes[.posixPermissions] as? Int)
        return mode & 0o077 == 0 ? nil : "\(path) \(String(mode, radix: 8))"
      }
    }

    @Test func dataAreTheServicesAlone() async throws {
      let node = NodeProcess("n1", ports: FreePorts.node(), directory: folder.path)
      try node.start()
      try await node.waitUntilReady()
      _ = try await Tenant.make(on: node)
      #expect(try openToOthers(in: node).isEmpty)
      #expect(!node.log.contains("open to other users"))
    }

    @Test func aDirectoryThatIsOpenToOthersIsClosed() async throws {
      let node = NodeProcess("n1", ports: FreePorts.node(), directory: folder.path)
      try FileManager.default.createDirectory(
        atPath: node.dataDirectory, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o755])
      try node.start()
      try await node.waitUntilReady()
      #expect(try openToOthers(in: node).isEmpty)
      #expect(node.log.contains("was open to other users"))
      #expect(node.log.contains("0755"))
    }
  }
}
