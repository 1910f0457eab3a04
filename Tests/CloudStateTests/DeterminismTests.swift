import Foundation
import TenantLog
import Testing

@testable import CloudState

/// Whatever way a history takes into a state, the state is the same.
@Suite struct DeterminismTests {
  @Test(arguments: [UInt64(1), 2, 3, 4])
  func sizeOfBatchesLeavesNoTrace(seed: UInt64) throws {
    let payloads = try RandomLog.entries(seed: seed, count: 2_000)
    let reference = try Member()
    let outcomes = try reference.apply(payloads, batch: 256)
    let accepted = outcomes.filter { bytes in
      guard case .accepted? = try? Outcome(decoding: bytes) else { return false }
      return true
    }
    // A history of rejections alone would prove little.
    #expect(accepted.count > 200)
    for batch in [1, 7] {
      let member = try Member()
      #expect(try member.apply(payloads, batch: batch) == outcomes)
      #expect(try member.dump() == reference.dump())
    }
  }

  @Test(arguments: [UInt64(5), 6])
  func snapshotsAndRestartsLeaveNoTrace(seed: UInt64) throws {
    let payloads = try RandomLog.entries(seed: seed, count: 1_500)
    let reference = try Member()
    let outcomes = try reference.apply(payloads, batch: 100)

    var member = try Member()
    var replayed: [[UInt8]] = []
    var generator = SeededGenerator(seed: seed)
    for start in stride(from: 0, to: payloads.count, by: 100) {
      let part = Array(payloads[start..<min(start + 100, payloads.count)])
      replayed += try member.apply(part, batch: 13)
      switch Int.random(in: 0..<3, using: &generator) {
      case 0:
        member = try Member(restoring: member)
      case 1:
        member = try Member(afterAbruptEndOf: member)
      default:
        break
      }
    }
    #expect(replayed == outcomes)
    #expect(try member.dump() == reference.dump())
    #expect(try member.store.integrityProblems() == [])
  }

  @Test func differentHistoriesHaveDifferentDigests() throws {
    let payloads = try RandomLog.entries(seed: 7, count: 300)
    let one = try Member()
    let other = try Member()
    _ = try one.apply(payloads, batch: 50)
    _ = try other.apply(Array(payloads.dropLast()) + [[1]], batch: 50)
    let position = try one.store.makeReader().read { $0.position }
    let otherPosition = try other.store.makeReader().read { $0.position }
    #expect(position.index == otherPosition.index)
    #expect(position.digest != otherPosition.digest)
  }

  @Test(arguments: [UInt64(8), 9, 10])
  func countersAgreeWithTheRowsTheyCount(seed: UInt64) throws {
    let member = try Member()
    _ = try member.apply(try RandomLog.entries(seed: seed, count: 10_000), batch: 64)
    let connection = try Connection(
      path: member.directory.path + "/state.sqlite", access: .readOnly)
    let wrongWorkspaces = try connection.all(
      """
      SELECT id FROM workspaces w WHERE
        member_count <> (SELECT count(*) FROM memberships WHERE workspace_id = w.id)
        OR owner_count <> (SELECT count(*) FROM memberships
                           WHERE workspace_id = w.id AND role = 'owner')
        OR active_keys <> (SELECT count(*) FROM api_keys
                           WHERE workspace_id = w.id AND revoked_at IS NULL)
        OR open_reservations <> (SELECT count(*) FROM reservations WHERE workspace_id = w.id)
      """
    ) { $0.text(0) }
    #expect(wrongWorkspaces == [])
    let wrongUsage = try connection.all(
      """
      SELECT u.workspace_id FROM usage u JOIN workspaces w ON w.id = u.workspace_id WHERE
        reserved <> (SELECT coalesce(sum(rows), 0) FROM reservations
                     WHERE workspace_id = u.workspace_id AND month = u.month)
        OR used <> (SELECT coalesce(sum(rows), 0) FROM ledger
                    WHERE workspace_id = u.workspace_id AND month = u.month)
      """
    ) { $0.text(0) }
    #expect(wrongUsage == [])
    let billed = try connection.first("SELECT count(*) FROM ledger") { $0.integer(0) }
    #expect(try #require(billed) > 10)
  }
}

/// A member of the cluster, as far as its state goes.
final class Member {
  let directory: TestDirectory
  let store: StateStore

  init() throws {
    directory = try TestDirectory()
    store = try StateStore(directory: directory.path, trustExistingFile: false)
  }

  /// One that joined with the snapshot of another.
  init(restoring other: Member) throws {
    directory = try TestDirectory()
    store = try StateStore(directory: directory.path, trustExistingFile: false)
    try store.restore(from: pieces(of: other.store.snapshot().bytes(), size: 1_000))
  }

  /// One that finds the files as a killed process left them: nothing closed, nothing checkpointed.
  init(afterAbruptEndOf other: Member) throws {
    directory = try TestDirectory()
    for name in ["state.sqlite", "state.sqlite-wal"] {
      let source = other.directory.path + "/" + name
      if FileManager.default.fileExists(atPath: source) {
        try FileManager.default.copyItem(atPath: source, toPath: directory.path + "/" + name)
      }
    }
    store = try StateStore(directory: directory.path, trustExistingFile: true)
    #expect(store.opening == .reused)
    #expect(store.lastApplied == other.store.lastApplied)
  }

  func apply(_ payloads: [[UInt8]], batch: Int) throws -> [[UInt8]] {
    var outcomes: [[UInt8]] = []
    for start in stride(from: 0, to: payloads.count, by: batch) {
      let first = store.lastApplied.index + 1
      let records = payloads[start..<min(start + batch, payloads.count)].enumerated().map {
        CommandRecord(index: first + UInt64($0.offset), term: 3, payload: $0.element)
      }
      outcomes += try store.apply(records)
    }
    return outcomes
  }

  /// The hash of all rows, and where they stand.
  func dump() throws -> [[UInt8]] {
    let snapshot = try store.snapshot()
    return [try snapshot.write { _ in }.contentHash, snapshot.position.digest]
  }
}

extension PinnedSnapshot {
  func bytes() throws -> [UInt8] {
    var bytes: [UInt8] = []
    try write { bytes.append(contentsOf: $0) }
    return bytes
  }
}

/// Hands bytes out in pieces of a size.
func pieces(of bytes: [UInt8], size: Int) -> () -> [UInt8]? {
  var rest = bytes[...]
  return {
    defer { rest = rest.dropFirst(size) }
    return rest.isEmpty ? nil : Array(rest.prefix(size))
  }
}
