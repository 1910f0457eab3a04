import ArgumentParser
import Foundation
import Simulator

struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs clusters on simulated disks, network and clocks, one for each seed.",
    discussion: """
      Everything that happens in a run follows from its seed and options, so a run that fails can be \
      played again. Exits with 0 if all runs kept all properties, with 1 otherwise. What is simulated \
      and what is checked is described in docs/fault-model.md.

      The kinds of fault for --faults, as in "loss,delay", "none" or "all,-disk-errors":

      \(FaultSelection.table)
      """)

  @Option(
    help: "Which seeds: 7, 1..200, or fresh:N for N new ones.",
    transform: { try SeedSelection($0) })
  var seeds: SeedSelection

  @OptionGroup var options: RunOptions

  @Option(help: "Runs at a time. By default as many as there are processors.")
  var jobs: Int?

  @Flag(help: "Print all that happens, for people. For one seed.")
  var explain = false

  @Option(
    help: ArgumentHelp(
      "Write each event of the protocol as a line of JSON. For one seed.", valueName: "file"))
  var trace: String?

  @Option(
    help: ArgumentHelp(
      "Write what clients asked and were answered as lines of JSON. For one seed.",
      valueName: "file"))
  var history: String?

  @Flag(
    inversion: .prefixedNo,
    help: """
      Look for a smaller run that fails in the same way: for every seed that fails, or for none. \
      By default for the first.
      """)
  var minimise: Bool?

  @Flag(help: "Begin no other seed once one has failed.")
  var untilFailure = false

  @Flag(help: "Print a digest of each run, to compare machines and builds.")
  var hashes = false

  @Flag(help: .hidden)
  var worker = false

  func validate() throws {
    guard jobs.map({ (1...256).contains($0) }) ?? true else {
      throw ValidationError("--jobs takes a number from 1 to 256.")
    }
    for (name, isWanted) in [
      ("--explain", explain), ("--trace", trace != nil), ("--history", history != nil),
    ]
    where isWanted && seeds.seeds.count > 1 {
      throw ValidationError("\(name) takes one seed, as in --seeds 7.")
    }
  }

  mutating func run() throws {
    let settings = options.settings
    if worker { return Worker(options: settings.simulationOptions).serve() }
    if explain || trace != nil || history != nil { return try watch(seeds.seeds[0], settings) }
    if seeds.isFresh {
      print("Seeds: " + seeds.seeds.map(String.init).joined(separator: " "))
    }
    let outcome = try Campaign(
      seeds: seeds.seeds, settings: settings,
      jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount, stopsAtFailure: untilFailure
    ).run()
    if hashes {
      for report in outcome.reports.sorted(by: { $0.seed < $1.seed }) {
        print("\(report.seed) \(hexadecimal(report.traceHash))")
      }
    }
    outcome.printSummary(settings)
    guard !outcome.failures.isEmpty else { return }
    for failure in outcome.failures.prefix(minimisedFailures) { try shrink(failure, settings) }
    throw ExitCode(1)
  }

  private var minimisedFailures: Int {
    switch minimise {
    case true?: .max
    case false?: 0
    case nil: 1
    }
  }

  private func shrink(_ failure: SimulationReport, _ settings: RunSettings) throws {
    guard let violation = failure.violation else { return }
    let seed = failure.seed
    let minimiser = Minimiser(seed: seed, property: violation.property) {
      try WorkerProcess.run(seed, $0)
    }
    let smallest = try minimiser.minimise(settings, violation)
    guard !smallest.isOriginal else {
      return print("seed \(seed): of \(smallest.attempts) smaller runs none fails in this way")
    }
    print("seed \(seed): the smallest run of \(smallest.attempts) tried that fails in this way:")
    print("  \(smallest.violation)")
    print("    \(smallest.settings.command(seed: seed, "--explain"))")
  }

  /// Runs one seed in this process, so that its events can be shown.
  private func watch(_ seed: UInt64, _ settings: RunSettings) throws {
    var options = settings.simulationOptions
    if explain { options.trace = { print($0) } }
    let file = try trace.map { try TraceFile(path: $0) }
    if let file { options.protocolTrace = { file.write($1, at: $0) } }
    let simulation = Simulation(seed: seed, options: options)
    let report = simulation.run()
    if let history {
      try HistoryFile(path: history).write(simulation.history)
      print("\(simulation.history.count) operations written to \(history)")
      print(
        "to judge them again: chaos check --model \(simulation.historyModel.rawValue) \(history)")
    }
    if let file { print("\(try file.finish()) events written to \(file.path)") }
    print("digest \(hexadecimal(report.traceHash)), \(report.steps) steps")
    guard let violation = report.violation else { return print("all properties kept") }
    print(violation)
    throw ExitCode(1)
  }
}

/// Sixteen digits.
func hexadecimal(_ number: UInt64) -> String {
  let digits = String(number, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}
