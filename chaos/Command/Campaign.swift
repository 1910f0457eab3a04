import Foundation
import Simulator
import Synchronization

/// Many seeds, several at a time.
struct Campaign {
  let seeds: [UInt64]
  let workerArguments: [String]
  let jobs: Int

  /// What all runs showed.
  struct Outcome {
    var reports: [SimulationReport] = []
    var seconds = 0.0

    var failures: [SimulationReport] {
      reports.filter { $0.violation != nil }.sorted { $0.seed < $1.seed }
    }
  }

  private final class Progress: Sendable {
    struct State {
      var next = 0
      var reports: [SimulationReport] = []
      var failed = 0
      var problem: (any Error)?
    }
    let state = Mutex(State())
  }

  func run() throws -> Outcome {
    // A worker that died is noticed by its silence, not by a signal to this process.
    signal(SIGPIPE, SIG_IGN)
    let start = ContinuousClock.now
    let progress = Progress()
    let threads = (0..<min(jobs, seeds.count)).map { _ in
      let done = DispatchSemaphore(value: 0)
      let thread = Thread {
        work(progress)
        done.signal()
      }
      thread.start()
      return done
    }
    for done in threads { done.wait() }
    if isatty(STDERR_FILENO) != 0 { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
    let state = progress.state.withLock { $0 }
    if let problem = state.problem { throw problem }
    let elapsed = ContinuousClock.now - start
    return Outcome(reports: state.reports, seconds: elapsed / .seconds(1))
  }

  /// One thread: feeds one worker, and replaces it when a seed kills it.
  private func work(_ progress: Progress) {
    do {
      var worker = try WorkerProcess(arguments: workerArguments)
      defer { _ = worker.end() }
      while let seed = take(progress) {
        if let report = worker.run(seed) {
          add(report, to: progress)
        } else {
          add(crashed(seed, worker.end()), to: progress)
          worker = try WorkerProcess(arguments: workerArguments)
        }
      }
    } catch {
      progress.state.withLock { $0.problem = error }
    }
  }

  private func take(_ progress: Progress) -> UInt64? {
    progress.state.withLock { state in
      guard state.next < seeds.count, state.problem == nil else { return nil }
      state.next += 1
      return seeds[state.next - 1]
    }
  }

  private func add(_ report: SimulationReport, to progress: Progress) {
    let (done, failed) = progress.state.withLock { state in
      state.reports.append(report)
      if report.violation != nil { state.failed += 1 }
      return (state.reports.count, state.failed)
    }
    guard isatty(STDERR_FILENO) != 0 else { return }
    let line = "\r\u{1B}[K\(done) of \(seeds.count) seeds, \(failed) failed"
    FileHandle.standardError.write(Data(line.utf8))
  }

  private func crashed(_ seed: UInt64, _ end: String) -> SimulationReport {
    let violation = Violation(
      property: .crash, details: "the process that ran it was lost: \(end)", time: 0)
    return SimulationReport(
      seed: seed, members: 0, violation: violation, traceHash: 0, coverage: Coverage(),
      simulated: 0, steps: 0)
  }
}
