import Foundation

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
      let thread = Thread {
        // On Linux a name that is given before the thread runs does not reach the system.
        Thread.current.name = "\(name)-\(number)"
        urgency.take()
        core.work()
      }
      // Decoding nested JSON and analyses recurse; 8 MiB is what a main thread has.
      thread.stackSize = 8 << 20
      thread.start()
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
        continuation.resume(with: Result { try job() })
      }
      if !accepted { continuation.resume(throwing: PoolIsFull()) }
    }
  }

  /// What threads and pool share.
  ///
  /// Sendable although it is mutable: everything mutable is only touched while `condition` is
  /// locked.
  private final class Core: @unchecked Sendable {
    private let condition = NSCondition()
    private let queueLimit: Int
    private let threads: Int
    private var queue: [(@Sendable () -> Void)?] = []
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

    func submit(_ job: @escaping @Sendable () -> Void) -> Bool {
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
      while let job = next() {
        job()
        condition.withLock { running -= 1 }
      }
    }

    /// Waits for a job; nothing when the pool has stopped and the queue is empty.
    private func next() -> (@Sendable () -> Void)? {
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
