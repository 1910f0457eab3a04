import Foundation
import Testing

extension ProcessTests {
  /// A real node on a file system that is really full.
  @Suite(.enabled(if: SmallDisk.canBeMade, "a tmpfs of fixed size can be mounted by root only"))
  struct FullDiskTests {
    @Test func aFullDiskIsToldAndTheNodeGoesOnWhenThereIsSpace() async throws {
      let disk = try SmallDisk(mebibytes: 128)
      let node = NodeProcess("n1", ports: FreePorts.node(), directory: disk.path)
      try node.start()
      try await node.waitUntilReady()
      let tenant = try await Tenant.make(on: node)
      let token = try node.adminToken

      try disk.fill()
      var acknowledged: [String] = []
      var refusal: HTTP.Answer?
      for i in 0..<400 where refusal == nil {
        let answer = try await tenant.createKey("key \(i)", on: node)
        if answer.status == 201 { acknowledged.append("key \(i)") } else { refusal = answer }
      }
      let unknown = try #require(refusal)
      #expect(unknown.status == 503)
      #expect(try unknown.text("code") == "no_leader")
      // Now it is known beforehand that nothing happens.
      let refused = try await tenant.createKey("refused", on: node)
      #expect(refused.status == 503 && refused.headers["retry-after"] != nil)
      #expect(try refused.text("detail").contains("the disk is full"))

      let readiness = try await HTTP.get(node.url + "/readyz")
      #expect(readiness.status == 503)
      #expect(try readiness.text("detail").contains("the disk is full"))
      let status = try await HTTP.get(node.url + "/api/v1/cluster", token: token)
      let member = try #require((try status.json["members"] as? [[String: Any]])?.first)
      #expect(member["state"] as? String == "disk_full")
      #expect((member["problem"] as? [String: Any])?["reason"] as? String != "")
      #expect(try status.json["healthy"] as? Bool == false)
      let metrics = try await HTTP.get(node.url + "/metrics")
      #expect(
        String(decoding: metrics.body, as: UTF8.self)
          .contains(#"clean_storage_problem{kind="disk_full",member="n1"} 1"#))
      let stale = try await HTTP.get(
        node.url + "/api/v1/auth/me?consistency=stale", token: tenant.accessToken)
      #expect(stale.status == 200)

      try disk.free()
      try await node.waitUntilReady()
      #expect(node.log.contains("takes part again"), "\(node.log.suffix(500))")
      let names = try await tenant.keyNames(on: node)
      #expect(names.isSuperset(of: acknowledged) && !names.contains("refused"))
      #expect(try await tenant.createKey("after", on: node).status == 201)
      #expect(node.terminate() == 0)
    }
  }
}

/// A file system in memory, of a fixed size.
final class SmallDisk {
  let path: String

  static let canBeMade = (try? SmallDisk(mebibytes: 1)) != nil

  init(mebibytes: Int) throws {
    path = NSTemporaryDirectory() + "clean-disk-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    guard mount("tmpfs", path, "tmpfs", 0, "size=\(mebibytes)m") == 0 else {
      let code = errno
      try FileManager.default.removeItem(atPath: path)
      throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EPERM)
    }
  }

  deinit {
    // Even while a process still has files open there.
    umount2(path, Int32(MNT_DETACH))
    rmdir(path)
  }

  /// Takes all the space that is left.
  func fill() throws {
    let file = open(path + "/filler", O_WRONLY | O_CREAT, 0o600)
    try #require(file >= 0)
    defer { close(file) }
    for size in [1 << 20, 4_096] {
      let zeros = [UInt8](repeating: 0, count: size)
      while write(file, zeros, size) == size {}
    }
  }

  /// Gives it back.
  func free() throws { try FileManager.default.removeItem(atPath: path + "/filler") }
}
