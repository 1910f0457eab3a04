import CloudState
import Raft
import Testing

@testable import Simulator

/// What the tenants' database of a member keeps, and when.
@Suite struct PageCacheTests {
  private func database() -> TenantDatabase {
    TenantDatabase(seed: 7, contents: SnapshotContents(), sabotage: nil)
  }

  private func entries(_ indexes: ClosedRange<UInt64>) throws -> [Entry] {
    try indexes.map { index in
      let name = "n\(index)"
      let id = try #require(RequestID([UInt8](repeating: UInt8(index % 251), count: 16)))
      let user = NewUser(
        id: UserID(rawValue: "usr_" + name), email: name + "@example.org", name: name,
        passwordHash: nil)
      let envelope = CommandEnvelope(
        requestID: id, stampedAt: Timestamp(milliseconds: Int64(index)),
        actor: .operator(name: "ops"), command: .createUser(CreateUser(user: user)))
      return Entry(
        position: LogPosition(index: LogIndex(index), term: Term(1)),
        content: .command(try envelope.encoded(), proposal: nil))
    }
  }

  @Test func whatWasAppliedOutlivesTheProcess() throws {
    let database = database()
    var random = RandomSource(seed: 1)
    let machine = try database.openMachine()
    #expect(!database.survives)
    _ = try machine.apply(try entries(1...20))
    let mark = machine.mark
    database.loseProcess(&random)
    #expect(try database.openMachine().mark == mark)
    #expect(database.survives)
  }

  @Test func nothingOutlivesThePower() throws {
    let database = database()
    _ = try database.openMachine().apply(try entries(1...20))
    database.losePower()
    #expect(try database.openMachine().mark.applied == .zero)
    #expect(!database.survives)
  }

  /// Opening throws, if the state is neither that before the batch nor that after it.
  @Test func aCrashWithinABatchLeavesAllOrNothing() throws {
    var found: Set<LogIndex> = []
    for writes in 0..<60 {
      let database = database()
      var random = RandomSource(seed: 1)
      let machine = try database.openMachine()
      _ = try machine.apply(try entries(1...5))
      database.armCrash(after: writes)
      _ = try? machine.apply(try entries(6...40))
      database.loseProcess(&random)
      let reopened = try database.openMachine()
      found.insert(reopened.applied.index)
      _ = try reopened.apply(try entries(reopened.applied.index.rawValue + 1...60))
    }
    #expect(found == [LogIndex(5), LogIndex(40)])
  }

  @Test func aProcessThatEndedChangesNothingMore() throws {
    let database = database()
    var random = RandomSource(seed: 1)
    let old = try database.openMachine()
    _ = try old.apply(try entries(1...5))
    database.loseProcess(&random)
    #expect(throws: StateError.self) { try old.apply(try entries(6...7)) }
    #expect(try database.openMachine().applied.index == LogIndex(5))
  }
}
