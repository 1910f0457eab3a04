import Foundation
import NodeRuntime

/// The pool has as much work as it can hold.
struct PoolIsFull: Error {}

/// Threads for work that blocks or computes: SQLite, scrypt, analyses. Event loops and the threads
/// of Swift's concurrency never wait for any of these.
///
/// A job waits in a bounded queue and runs to its end once it has begun. The threads end when the
/// pool goes away.
final class BlockingPool: Sendable {
  private let core: Core

  /// - Parameters:
  ///   - queueLimit: Jobs that may wait for a thread; more are refused.
  ///   - urgency: How the threads give way to others.
  init(name: String, threads: Int, queueLimit: Int, urgency: ThreadUrgency = .usual) {
    precondition(threads > 0 && queueLimit >= 0)
    let core = Core(queueLimit: queueLimit, threads: threads)
    self.core = core
    for number in 1...threads {
      // Decoding nested JSON and analyses recurse; 8 MiB is what a main thread has.
      Thread.start(named: "\(name)-\(number)", stackSize: 8 << 20) {
        urgency.take()
        core.work()
      }
    }
  }

  deinit {
    core.stop()
  }

  /// Jobs that wait and jobs that run.
  var load: (waiting: Int, running: Int) { core.load }

  /// Runs `job` on a thread of the pool.
  ///
  /// - Throws: ``PoolIsFull`` before the job has begun, or what the job throws.
  func run<Value: Sendable>(_ job: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      let accepted = core.submit {
        let result = Result { try job() }
        return { continuation.resume(with: result) }
      }
      if !accepted { continuation.resume(throwing: PoolIsFull()) }
    }
  }

  /// Does the work; what it returns tells of its end.
  private typealias Job = @Sendable () -> () -> Void

  /// What threads and pool share.
  ///
  /// Sendable although it is mutable: everything mutable is only touched while `condition` is
  /// locked.
  private final class Core: @unchecked Sendable {
    private let condition = NSCondition()
    private let queueLimit: Int
    private let threads: Int
    private var queue: [Job?] = []
    private var first = 0
    private var running = 0
    private var isStopped = false

    init(queueLimit: Int, threads: Int) {
      self.queueLimit = queueLimit
      self.threads = threads
    }

    var load: (waiting: Int, running: Int) {
      condition.withLock { (queue.count - first, running) }
    }

    func submit(_ job: @escaping Job) -> Bool {
      condition.withLock {
        // Jobs that a free thread is about to take do not count as waiting.
        guard !isStopped, queue.count - first < queueLimit + threads - running else {
          return false
        }
        queue.append(job)
        condition.signal()
        return true
      }
    }

    func stop() {
      condition.withLock {
        isStopped = true
        condition.broadcast()
      }
    }

    func work() {
      // Whoever waited for a job finds its thread free and what it held gone.
      while let tellOfTheEnd = next()?() {
        condition.withLock { running -= 1 }
        tellOfTheEnd()
      }
    }

    /// Waits for a job; nothing when the pool has stopped and the queue is empty.
    private func next() -> Job? {
      condition.withLock {
        while first == queue.count {
          if isStopped { return nil }
          condition.wait()
        }
        let job = queue[first]
        // Lets go of what the job holds, such as a whole table, as soon as it has run.
        queue[first] = nil
        first += 1
        // Taken jobs leave the array in one go, so that taking one is O(1) on average.
        if first == queue.count || first > 256 {
          queue.removeFirst(first)
          first = 0
        }
        running += 1
        return job
      }
    }
  }
}
