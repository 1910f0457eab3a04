import Dispatch
import Testing

@testable import NodeGateway

@Suite struct BlockingPoolTests {
  @Test func answersAndThrowsWhatTheJobDoes() async throws {
    let pool = BlockingPool(name: "test", threads: 2, queueLimit: 8)
    #expect(try await pool.run { 7 } == 7)
    struct Odd: Error {}
    await #expect(throws: Odd.self) { try await pool.run { throw Odd() } }
  }

  @Test func isSeenByItsNameInTheSystemsTools() async throws {
    let pool = BlockingPool(name: "test", threads: 1, queueLimit: 8)
    let name = try await pool.run {
      try String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)
    }
    #expect(name == "test-1\n")
  }

  private final class Table: Sendable {}

  private struct WeakTable: Sendable {
    weak let table: Table?
  }

  private func analyze(on pool: BlockingPool) async throws -> WeakTable {
    let table = Table()
    try await pool.run { _ = table }
    return WeakTable(table: table)
  }

  @Test func letsGoOfAFinishedJobWhileOthersWait() async throws {
    let pool = BlockingPool(name: "test", threads: 1, queueLimit: 8)
    let (first, last) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    async let before: Void = pool.run { first.wait() }
    while pool.load.running == 0 { await Task.yield() }
    async let analyzed = analyze(on: pool)
    while pool.load.waiting < 1 { await Task.yield() }
    // The jobs behind it keep the queue from becoming empty.
    async let running: Void = pool.run { last.wait() }
    while pool.load.waiting < 2 { await Task.yield() }
    async let waiting: Void = pool.run {}
    while pool.load.waiting < 3 { await Task.yield() }
    first.signal()
    let held = try await analyzed
    #expect(pool.load.waiting >= 1)
    #expect(held.table == nil)
    last.signal()
    try await before
    try await running
    try await waiting
  }

  @Test func refusesWhatItCannotHold() async throws {
    let pool = BlockingPool(name: "test", threads: 1, queueLimit: 1)
    let gate = DispatchSemaphore(value: 0)
    let (began, starting) = AsyncStream<Void>.makeStream()
    async let first: Void = pool.run {
      starting.yield()
      gate.wait()
    }
    for await _ in began { break }
    async let second: Void = pool.run {}
    while pool.load.waiting == 0 { await Task.yield() }

    await #expect(throws: PoolIsFull.self) { try await pool.run {} }
    #expect(pool.load == (waiting: 1, running: 1))
    gate.signal()
    try await first
    try await second
    #expect(try await pool.run { true })
  }

  @Test func aThreadIsFreeForWhoeverWaitedForItsJob() async throws {
    let pool = BlockingPool(name: "test", threads: 1, queueLimit: 0)
    for _ in 1...2_000 {
      try await pool.run {}
      #expect(pool.load.running == 0)
    }
  }

  @Test func runsEverythingThatWasAccepted() async throws {
    let pool = BlockingPool(name: "test", threads: 3, queueLimit: 10_000)
    let sum = try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 1...2_000 { group.addTask { try await pool.run { number } } }
      return try await group.reduce(0, +)
    }
    #expect(sum == 2_001_000)
    #expect(pool.load == (waiting: 0, running: 0))
  }
}
