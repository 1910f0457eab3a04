import Synchronization
import Testing

@testable import NodeGateway

@Suite struct SharedRoundsTests {
  /// What each round brings is its number.
  private final class Counter: Sendable {
    private let count = Mutex(0)
    var rounds: Int { count.withLock { $0 } }
    func next() -> Int {
      count.withLock { count in
        count += 1
        return count
      }
    }
  }

  @Test func whoComesMeanwhileTakesPartInTheNextRound() async throws {
    let counter = Counter()
    let (began, beginning) = AsyncStream<Void>.makeStream()
    let (gate, opening) = AsyncStream<Void>.makeStream()
    let shared = SharedRounds(spacing: .zero) {
      let number = counter.next()
      if number == 1 {
        beginning.yield()
        for await _ in gate { break }
      }
      return number
    }
    async let first = shared.value()
    for await _ in began { break }
    // The first round is under way, and may be older than these questions.
    let later = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<100 { group.addTask { try await shared.value() } }
      return try await group.reduce(into: [Int]()) { $0.append($1) }
    }
    #expect(!later.contains(1))
    opening.yield()
    #expect(try await first == 1)
  }

  @Test func howManyAskDoesNotMatter() async throws {
    let counter = Counter()
    let shared = SharedRounds(spacing: .milliseconds(500)) { counter.next() }
    #expect(try await shared.value() == 1)
    let answers = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<1_000 { group.addTask { try await shared.value() } }
      return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
    }
    // One round for all, or some more on a machine that stands still meanwhile.
    #expect(answers.count <= 3 && !answers.contains(1), "\(answers)")
    #expect(counter.rounds == 1 + answers.count)
  }

  @Test func whatFailsFailsForAllOfARoundAndNotForTheNext() async throws {
    struct Odd: Error {}
    let counter = Counter()
    let shared = SharedRounds(spacing: .zero) {
      if counter.next() == 1 { throw Odd() }
      return true
    }
    await #expect(throws: Odd.self) { _ = try await shared.value() }
    #expect(try await shared.value())
  }
}
