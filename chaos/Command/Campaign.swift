import Foundation
import Simulator
import Synchronization

/// Many seeds, several at a time.
struct Campaign {
  let seeds: [UInt64]
  let settings: RunSettings
  let jobs: Int
  /// Whether to begin no other seed once one has failed. Seeds begin in order, so all those before the
  /// first that fails are run, however many go on at a time.
  var stopsAtFailure = false

  /// What all runs showed.
  struct Outcome {
    var reports: [SimulationReport] = []
    var seconds = 0.0

    var failures: [SimulationReport] {
      reports.filter { $0.violation != nil }.sorted { $0.seed < $1.seed }
    }
  }

  /// What the threads share.
  private final class Board: Sendable {
    struct State {
      var next = 0
      var reports: [SimulationReport] = []
      var failed = 0
      var display = ProgressDisplay()
      var problem: (any Error)?
    }
    let start = ContinuousClock.now
    let state = Mutex(State())

    var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }
  }

  func run() throws -> Outcome {
    let board = Board()
    let threads = (0..<min(jobs, seeds.count)).map { _ in
      let done = DispatchSemaphore(value: 0)
      let thread = Thread {
        work(board)
        done.signal()
      }
      thread.start()
      return done
    }
    for done in threads { done.wait() }
    let state = board.state.withLock { $0 }
    state.display.clear()
    if let problem = state.problem { throw problem }
    return Outcome(reports: state.reports, seconds: board.seconds)
  }

  /// One thread: feeds one worker, and replaces it when a seed kills it.
  private func work(_ board: Board) {
    do {
      var worker = try WorkerProcess(settings)
      defer { _ = worker.end() }
      while let seed = take(board) {
        if let report = worker.run(seed) {
          add(report, to: board)
        } else {
          add(.lost(seed, worker.end()), to: board)
          worker = try WorkerProcess(settings)
        }
      }
    } catch {
      board.state.withLock { $0.problem = error }
    }
  }

  private func take(_ board: Board) -> UInt64? {
    board.state.withLock { state in
      guard state.next < seeds.count, state.problem == nil else { return nil }
      if stopsAtFailure, state.failed > 0 { return nil }
      state.next += 1
      return seeds[state.next - 1]
    }
  }

  private func add(_ report: SimulationReport, to board: Board) {
    board.state.withLock { state in
      state.reports.append(report)
      if report.violation != nil { state.failed += 1 }
      state.display.show(
        Progress(
          done: state.reports.count, failed: state.failed, total: seeds.count,
          seconds: board.seconds))
    }
  }
}
