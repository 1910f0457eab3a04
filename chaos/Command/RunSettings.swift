import ArgumentParser
import Simulator

/// What, together with the seed, determines a run.
struct RunSettings: Hashable {
  /// How many members; nil lets the seed decide.
  var nodes: Int?
  /// Simulated minutes with faults; nil lets the seed decide.
  var minutes: Double?
  var faults = FaultSelection.all
  /// What clients do; nil lets the seed decide.
  var workload: WorkloadKind?
  var sabotage: Sabotage?

  var simulationOptions: SimulationOptions {
    SimulationOptions(
      members: nodes, duration: duration, faults: faults.kinds, workload: workload,
      sabotage: sabotage)
  }

  private var duration: SimulatedDuration {
    minutes.map { .exactly(max(1, Int($0 * 60_000_000))) } ?? .stretched(15_000_000)
  }

  /// The settings as command-line arguments.
  var arguments: [String] {
    var arguments = nodes.map { ["--nodes", String($0)] } ?? []
    if let minutes { arguments += ["--minutes", minutes.formatted] }
    arguments += ["--faults", faults.description]
    if let workload { arguments += ["--workload", workload.rawValue] }
    if let sabotage { arguments += ["--sabotage", sabotage.rawValue] }
    return arguments
  }

  /// The command that plays a seed again.
  func command(seed: UInt64, _ further: String...) -> String {
    ([CommandLine.arguments[0], "simulate", "--seeds", String(seed)] + arguments + further)
      .joined(separator: " ")
  }
}

extension Double {
  /// As short as it can be without becoming another number.
  fileprivate var formatted: String {
    Int(exactly: self).map { String($0) } ?? description
  }
}

/// `RunSettings` on the command line.
struct RunOptions: ParsableArguments {
  @Option(help: "Members of each cluster. By default each seed decides, from 3 to 5.")
  var nodes: Int?

  @Option(
    help: """
      Simulated minutes with faults, after which the cluster has to recover. By default each seed \
      decides, from a quarter of a minute to three.
      """)
  var minutes: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Which kinds of fault may occur; each seed chooses among them. By default all.",
      valueName: "list"),
    transform: { try FaultSelection($0) })
  var faults = FaultSelection.all

  @Option(help: "What clients do: registers or tenants. By default each seed decides.")
  var workload: WorkloadKind?

  @Option(
    help: ArgumentHelp(
      "Carry something out wrongly on purpose, to see it found.", valueName: "what"))
  var sabotage: Sabotage?

  func validate() throws {
    guard nodes.map({ (1...9).contains($0) }) ?? true else {
      throw ValidationError("--nodes takes a number from 1 to 9.")
    }
    guard minutes.map({ $0 > 0 && $0 <= 24 * 60 }) ?? true else {
      throw ValidationError("--minutes takes a number above 0, at most 1440.")
    }
  }

  var settings: RunSettings {
    RunSettings(
      nodes: nodes, minutes: minutes, faults: faults, workload: workload, sabotage: sabotage)
  }
}

extension Sabotage: ExpressibleByArgument {}
extension WorkloadKind: ExpressibleByArgument {}
