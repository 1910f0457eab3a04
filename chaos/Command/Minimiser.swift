import Foundation
import Simulator

/// Shrinks a failing run while the same property still fails.
///
/// Whatever is taken away changes the random draws that come after, so a candidate is another run of
/// the seed: the search takes those that happen to fail as well, greedily, until none of them does.
struct Minimiser {
  let seed: UInt64
  let property: Violation.Property
  /// How many candidates may be run.
  var attempts = 120
  /// Runs the seed under other settings.
  let run: (RunSettings) throws -> SimulationReport

  /// The smallest failing run that was found.
  struct Result {
    var settings: RunSettings
    var violation: Violation
    /// How many candidates were run.
    var attempts: Int
    /// Whether nothing smaller was found.
    var isOriginal: Bool
  }

  /// Begins with a run that failed.
  func minimise(_ original: RunSettings, _ violation: Violation) throws -> Result {
    var best = Result(settings: original, violation: violation, attempts: 0, isOriginal: true)
    var tried: Set<RunSettings> = [original]
    search: while true {
      for candidate in reductions(of: best) where tried.insert(candidate).inserted {
        guard best.attempts < attempts else { break search }
        best.attempts += 1
        guard let found = try run(candidate).violation, found.property == property else { continue }
        best.settings = candidate
        best.violation = found
        best.isOriginal = false
        continue search
      }
      return best
    }
    return best
  }

  /// Smaller settings, those first that promise most.
  private func reductions(of best: Result) -> [RunSettings] {
    let settings = best.settings
    let simulation = Simulation(seed: seed, options: settings.simulationOptions)
    // What the seed did not choose makes no difference.
    let kinds = FaultKind.allCases.filter(simulation.faults.contains)
    let minutes = Double(simulation.duration) / 60_000_000
    let durations = shorterDurations(minutes, best.violation.time).map {
      var shorter = settings
      shorter.minutes = $0
      return shorter
    }
    let calmer = subsets(of: kinds).map {
      var calmer = settings
      calmer.faults = FaultSelection(kinds: Set($0))
      return calmer
    }
    let members = simulation.memberCount
    let fewer = (1..<max(1, members)).map {
      var fewer = settings
      fewer.nodes = $0
      return fewer
    }
    return durations.prefix(1) + calmer + fewer + durations.dropFirst()
  }

  /// None, each half, and all but one.
  private func subsets(of kinds: [FaultKind]) -> [[FaultKind]] {
    guard !kinds.isEmpty else { return [] }
    let middle = kinds.count / 2
    return [[], Array(kinds[..<middle]), Array(kinds[middle...])]
      + kinds.map { kind in kinds.filter { $0 != kind } }
  }

  /// Up to the violation, which changes nothing before it; then half and three quarters.
  private func shorterDurations(_ minutes: Double, _ violation: Int) -> [Double] {
    // Thousandths are short to write. Of a violation before any time has passed nothing is left.
    func rounded(_ minutes: Double) -> Double {
      max(1, (minutes * 1_000).rounded(.up)) / 1_000
    }
    let lengths = [
      rounded(Double(violation) / 60_000_000), rounded(minutes / 2), rounded(minutes * 3 / 4),
    ]
    return lengths.filter { $0 < minutes }
  }
}
