import Foundation
import Simulator

/// Runs the seeds that come line by line on standard input and answers each with a report, as a line of
/// JSON. A process of its own, so that a run which traps takes no other with it.
struct Worker {
  let options: SimulationOptions

  func serve() {
    let encoder = JSONEncoder()
    while let line = readLine(), let seed = UInt64(line) {
      let report = Simulation(seed: seed, options: options).run()
      guard let json = try? encoder.encode(report) else { return }
      FileHandle.standardOutput.write(json + [10])
    }
  }
}

/// A worker, seen from outside.
final class WorkerProcess {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private var received = Data()

  init(_ settings: RunSettings) throws {
    // A worker that died is noticed by its silence, not by a signal to this process.
    signal(SIGPIPE, SIG_IGN)
    process.executableURL = Bundle.main.executableURL
    process.arguments = ["simulate", "--seeds", "0", "--worker"] + settings.arguments
    process.standardInput = input
    process.standardOutput = output
    // A trap is reported by the campaign; looking for its cause would take each worker a minute.
    var environment = ProcessInfo.processInfo.environment
    environment["SWIFT_BACKTRACE"] = "enable=no"
    process.environment = environment
    try process.run()
  }

  /// Runs a seed; nil when the worker died of it.
  func run(_ seed: UInt64) -> SimulationReport? {
    let line = Data("\(seed)\n".utf8)
    guard (try? input.fileHandleForWriting.write(contentsOf: line)) != nil else { return nil }
    while true {
      if let end = received.firstIndex(of: 10) {
        let json = received[..<end]
        received = Data(received[(end + 1)...])
        return try? JSONDecoder().decode(SimulationReport.self, from: json)
      }
      let more = output.fileHandleForReading.availableData
      if more.isEmpty { return nil }
      received += more
    }
  }

  /// Ends the worker and says how it ended.
  func end() -> String {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
    return process.terminationReason == .uncaughtSignal
      ? "it died by signal \(process.terminationStatus)"
      : "it ended with status \(process.terminationStatus)"
  }

  /// Runs one seed in a worker of its own.
  static func run(_ seed: UInt64, _ settings: RunSettings) throws -> SimulationReport {
    let worker = try WorkerProcess(settings)
    let report = worker.run(seed)
    let end = worker.end()
    return report ?? .lost(seed, end)
  }
}

extension SimulationReport {
  /// Stands in for the report of a run whose process died.
  static func lost(_ seed: UInt64, _ end: String) -> SimulationReport {
    let violation = Violation(
      property: .crash, details: "the process that ran it was lost: \(end)", time: 0)
    return SimulationReport(
      seed: seed, members: 0, violation: violation, traceHash: 0, coverage: Coverage(),
      simulated: 0, steps: 0)
  }
}
