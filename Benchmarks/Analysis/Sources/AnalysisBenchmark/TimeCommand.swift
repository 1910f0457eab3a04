import Analysis
import ArgumentParser
import Foundation
import Measuring

/// Prints how much of a processor and of memory reading and each detector take.
struct TimeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "time", abstract: "Prints what reading and each detector take.")

  @OptionGroup var source: Source

  func run() throws {
    let attributes = try FileManager.default.attributesOfItem(atPath: source.file)
    let megabytes = Double((attributes[.size] as? Int) ?? 0) / 1e6
    var table: Table?
    let reading = try processorSeconds { table = try source.read() }
    guard let table else { return }
    report(
      "\(source.file): \(table.rowCount) rows, \(table.columns.count) columns, "
        + String(format: "%.1f MB", megabytes))
    line("reading", reading, String(format: "%.0f MB/s", megabytes / reading))

    var laps: [(kind: DetectorKind, seconds: Double, pause: Double)] = []
    let clock = ProcessorClock()
    var last = clock.now()
    let whole = try processorSeconds {
      let found = try Analyzer(options: source.options()).analyze(
        table,
        progress: { progress in
          let now = clock.now()
          let pause = now - last
          last = now
          if laps.last?.kind != progress.detector { laps.append((progress.detector, 0, 0)) }
          laps[laps.count - 1].seconds += pause
          laps[laps.count - 1].pause = max(laps[laps.count - 1].pause, pause)
        })
      for lap in laps {
        let result = found[lap.kind]
        line(
          lap.kind.rawValue, lap.seconds,
          "\(String(format: "%5.3f", lap.pause))  "
            + (result?.reason ?? "\(result?.flaggedCount ?? 0) rows flagged"))
      }
    }
    line("in all", reading + whole, "at most \(peakMebibytes()) MiB resident")
  }

  private func line(_ name: String, _ seconds: Double, _ note: String) {
    let padded = name.padding(toLength: 22, withPad: " ", startingAt: 0)
    report("  \(padded) \(String(format: "%8.3f s", seconds))  \(note)")
  }

  /// `VmHWM` of proc_pid_status(5).
  private func peakMebibytes() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    let kibibytes = line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) }
    return (kibibytes ?? 0) / 1024
  }
}

/// Seconds for which this thread had a processor.
struct ProcessorClock {
  func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
