import Foundation
import Testing

@testable import NodeRuntime

@Suite struct MailboxTests {
  @Test func keepsTheOrderOfEachThreadThatPutsIn() async {
    let mailbox = Mailbox<(source: Int, number: Int)>()
    let taken = Task.detached {
      await withCheckedContinuation { continuation in
        _ = WorkerThread("test-taker") {
          var all: [(source: Int, number: Int)] = []
          var batch: [(source: Int, number: Int)] = []
          while mailbox.take(into: &batch) { all += batch }
          continuation.resume(returning: all)
        }
      }
    }
    let threads = (0..<4).map { source in
      WorkerThread("test-\(source)") {
        for number in 0..<5_000 { mailbox.put((source, number)) }
      }
    }
    for thread in threads { await thread.finished() }
    mailbox.close()
    let all = await taken.value
    for source in 0..<4 {
      #expect(all.filter { $0.source == source }.map(\.number) == Array(0..<5_000))
    }
  }

  @Test func losesWhatDoesNotFitButNothingElse() {
    let mailbox = Mailbox<Int>(capacity: 10)
    #expect(mailbox.offer(1, weight: 6))
    #expect(!mailbox.offer(2, weight: 5))
    #expect(mailbox.put(3))
    #expect(mailbox.offer(4, weight: 4))
    var batch: [Int] = []
    #expect(mailbox.take(into: &batch))
    #expect(batch == [1, 3, 4])
    #expect(mailbox.offer(5, weight: 10))
  }

  @Test func givesUpWaitingAtTheDeadline() {
    let mailbox = Mailbox<Int>()
    var batch = [1]
    #expect(mailbox.take(into: &batch, until: .now + .milliseconds(5)))
    #expect(batch.isEmpty)
  }

  @Test func whatWasPutInBeforeTheEndIsTaken() {
    let mailbox = Mailbox<Int>()
    mailbox.put(1)
    mailbox.close()
    #expect(!mailbox.put(2))
    var batch: [Int] = []
    #expect(mailbox.take(into: &batch))
    #expect(batch == [1])
    #expect(!mailbox.take(into: &batch))
  }
}
