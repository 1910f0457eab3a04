import Dispatch
import Foundation
import Raft
import Synchronization
import TenantLog

/// One log, and members that come through it on different ways.
struct DeterminismRun {
  let executable: URL
  /// Where its files go; a folder that exists.
  let folder: String
  let log: RandomLog
  let seed: UInt64

  /// How many times members are compared on the way.
  private static let points = 20

  struct Result {
    var runs: [MemberRun] = []
    var differences: [Difference] = []
    var tally: OutcomeTally
  }

  init(executable: URL, folder: String, seed: UInt64, commands: Int) throws {
    self.executable = executable
    self.folder = folder
    self.seed = seed
    var log = RandomLog(seed: seed)
    while log.commands < commands { try log.addEntry() }
    self.log = log
  }

  func logOnDisk() throws -> LogOnDisk {
    try LogOnDisk(log.entries, path: folder + "/log", points: Self.points)
  }

  /// The reference first. Of the others the first two live once, with the smallest and with large batches.
  func plans(_ log: LogOnDisk, members: Int) -> [MemberPlan] {
    var random = RandomSource(seed: seed)
    return (0..<members).map { number in
      let home = folder + "/\(number)"
      return switch number {
      case 0:
        MemberPlan("0", of: log, in: home, batches: 256...256, surroundings: .plain)
      case 1:
        MemberPlan(
          "1", of: log, in: home, batches: 1...1,
          surroundings: Surroundings(
            locale: "tr_TR.UTF-8", timeZone: "Pacific/Kiritimati", hasFixedHashing: false))
      case 2:
        MemberPlan(
          "2", of: log, in: home, batches: 5_000...5_000,
          surroundings: Surroundings(
            locale: "ar_EG.UTF-8", timeZone: "Pacific/Pago_Pago", hasFixedHashing: false))
      default: MemberPlan("\(number)", of: log, in: home, &random)
      }
    }
  }

  func run(_ plans: [MemberPlan]) throws -> Result {
    let runs = try all(plans)
    var result = Result(runs: runs, tally: OutcomeTally(log.entries, runs[0].outcomes))
    for run in runs.dropFirst() {
      guard let difference = Difference(between: runs[0], and: run, of: log.entries) else {
        continue
      }
      result.differences.append(try narrow(difference, plans[0], run.plan))
    }
    return result
  }

  /// As many at a time as there are processors.
  private func all(_ plans: [MemberPlan]) throws -> [MemberRun] {
    let results = Mutex<[Int: Swift.Result<MemberRun, any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: plans.count) { place in
      let result = Swift.Result { try MemberRun(plans[place], executable: executable) }
      results.withLock { $0[place] = result }
    }
    return try results.withLock { results in
      try plans.indices.compactMap { try results[$0]?.get() }
    }
  }

  /// Rows are looked at now and then. Where they differ though all outcomes are the same, both members go
  /// the way once more and are looked at more often between the last time that they were equal and the
  /// first that they were not, until one entry is left.
  private func narrow(
    _ first: Difference, _ reference: MemberPlan, _ member: MemberPlan
  ) throws -> Difference {
    var difference = first
    var attempt = 0
    while case .rows(let equal) = difference.kind, difference.entry - equal > 1 {
      attempt += 1
      let marks = LogOnDisk.marks(in: equal...difference.entry, 50)
      let runs = try all(
        [reference, member].map {
          $0.looking(at: [equal] + marks, in: folder + "/\($0.name)-\(attempt)")
        })
      // What depends on the order of a set may not show itself again.
      guard let found = Difference(between: runs[0], and: runs[1], of: log.entries),
        found.entry <= difference.entry
      else { break }
      if case .rows(let closer) = found.kind, closer < equal { break }
      difference = found
    }
    return difference
  }
}
