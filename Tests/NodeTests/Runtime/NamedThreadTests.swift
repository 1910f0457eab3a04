import Foundation
import Testing

@testable import NodeRuntime

@Suite struct NamedThreadTests {
  /// Names as the system has them when the threads begin to work.
  private func names(of threads: Int, called name: String) async -> Set<String> {
    let (seen, seeing) = AsyncStream<String>.makeStream()
    for _ in 0..<threads {
      Thread.start(named: name, stackSize: 1 << 18) {
        let name = try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)
        seeing.yield(name ?? "unreadable")
      }
    }
    var names: Set<String> = []
    for await name in seen.prefix(threads) { names.insert(name) }
    return names
  }

  /// Many, since whether a thread or the one that starts it goes on first is up to the system.
  @Test func everyThreadHasItsNameFromTheBeginning() async {
    #expect(await names(of: 500, called: "clean-test") == ["clean-test\n"])
  }

  @Test func aNameBeyondTheSystemsLimitIsCut() async {
    #expect(await names(of: 1, called: "analysis-of-everything") == ["analysis-of-eve\n"])
  }
}
