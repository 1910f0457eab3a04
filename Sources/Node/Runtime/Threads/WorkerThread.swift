import Foundation
import Synchronization

/// A thread of its own for work that blocks, which must not be done on event loops or in the
/// cooperative pool.
final class WorkerThread: Sendable {
  private struct State {
    var isFinished = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  /// Starts a thread that does `body` and ends.
  ///
  /// - Parameter name: what the system's tools show, at most 15 characters.
  init(_ name: String, body: @escaping @Sendable () -> Void) {
    // Database engines and codecs take more than a secondary thread's usual half megabyte.
    Thread.start(named: name, stackSize: 4 << 20) {
      body()
      self.finish()
    }
  }

  private func finish() {
    let waiting = state.withLock { state in
      state.isFinished = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  /// Returns when the thread's work is done.
  func finished() async {
    await withCheckedContinuation { continuation in
      let isFinished = state.withLock { state in
        if !state.isFinished { state.waiting.append(continuation) }
        return state.isFinished
      }
      if isFinished { continuation.resume() }
    }
  }
}
