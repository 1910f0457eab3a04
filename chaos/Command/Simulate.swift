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
      """)

  @Option(help: "Which seeds: 7, 1..200, or fresh:N for N new ones.")
  var seeds: SeedSelection

  @Option(help: "Members of each cluster. By default each seed decides, from 3 to 5.")
  var nodes: Int?

  @Option(help: "Simulated minutes with faults, after which the cluster has to recover.")
  var minutes = 0.25

  @Option(help: "Runs at a time. By default as many as there are processors.")
  var jobs: Int?

  @Flag(help: "Print all that happens. For one seed.")
  var trace = false

  @Flag(help: "Print a digest of each run, to compare machines and builds.")
  var hashes = false

  @Flag(help: .hidden)
  var worker = false

  func validate() throws {
    guard nodes.map({ (1...9).contains($0) }) ?? true else {
      throw ValidationError("--nodes takes a number from 1 to 9.")
    }
    guard minutes > 0, minutes <= 24 * 60 else {
      throw ValidationError("--minutes takes a number above 0, at most 1440.")
    }
    guard jobs.map({ (1...256).contains($0) }) ?? true else {
      throw ValidationError("--jobs takes a number from 1 to 256.")
    }
    guard !trace || seeds.seeds.count == 1 else {
      throw ValidationError("--trace takes one seed.")
    }
  }

  private var options: SimulationOptions {
    SimulationOptions(members: nodes, duration: max(1, Int(minutes * 60_000_000)))
  }

  mutating func run() throws {
    if worker { return Worker(options: options).serve() }
    if trace { return try printTrace() }
    let campaign = Campaign(
      seeds: seeds.seeds, workerArguments: runArguments,
      jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount)
    if seeds.isFresh {
      print("Seeds: " + seeds.seeds.map(String.init).joined(separator: " "))
    }
    let outcome = try campaign.run()
    if hashes {
      for report in outcome.reports.sorted(by: { $0.seed < $1.seed }) {
        print("\(report.seed) \(hexadecimal(report.traceHash))")
      }
    }
    outcome.printSummary(replayArguments: runArguments)
    if !outcome.failures.isEmpty { throw ExitCode(1) }
  }

  /// The options that make a run, as they were given.
  private var runArguments: [String] {
    (nodes.map { ["--nodes", String($0)] } ?? []) + ["--minutes", String(minutes)]
  }

  private func printTrace() throws {
    var options = options
    options.trace = { print($0) }
    let report = Simulation(seed: seeds.seeds[0], options: options).run()
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
