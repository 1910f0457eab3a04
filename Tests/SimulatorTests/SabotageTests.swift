import Simulator
import Testing

/// A checker that never complains proves nothing: each deliberate fault must be found soon, and be
/// called by its name.
@Suite struct SabotageTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var sabotage: Sabotage
    var properties: Set<Violation.Property>
    var workload: WorkloadKind?
    var testDescription: String { sabotage.rawValue + (workload.map { ", \($0)" } ?? "") }
  }

  static let cases: [Case] = [
    Case(
      sabotage: .reportsPersistedBeforeSynchronize,
      properties: [.durability, .leaderCompleteness, .voteOnce, .recovery]),
    // A term that goes back no longer fits what is kept of votes apart from the log: recovery refuses, or
    // takes the log for damaged.
    Case(
      sabotage: .forgetsHardState,
      properties: [.voteOnce, .electionSafety, .recovery, .quarantine]),
    // The tenants' store refuses what is not next.
    Case(sabotage: .appliesOutOfOrder, properties: [.stateMachineSafety, .storage]),
    Case(sabotage: .dropsAppliedEntry, properties: [.stateMachineSafety, .storage]),
    Case(sabotage: .acknowledgesWithoutCommit, properties: [.acknowledgedWrites]),
    Case(
      sabotage: .acknowledgesWithoutCommit, properties: [.acknowledgedWrites], workload: .tenants),
    Case(sabotage: .readsWithoutAsking, properties: [.linearizability]),
    Case(
      sabotage: .readsWithoutAsking, properties: [.linearizability, .revocation], workload: .tenants
    ),
    Case(sabotage: .forgetsRequests, properties: [.acknowledgedWrites], workload: .tenants),
    Case(sabotage: .skipsRequestTable, properties: [.stateMachineSafety], workload: .tenants),
    Case(sabotage: .addsToOneDatabase, properties: [.stateMachineSafety], workload: .tenants),
    Case(sabotage: .overAdmits, properties: [.quota], workload: .tenants),
    Case(sabotage: .forgetsRequests, properties: [.stateMachineSafety, .acknowledgedWrites]),
    Case(sabotage: .neverSynchronizesDirectories, properties: [.recovery, .durability]),
    Case(sabotage: .ignoresQuarantine, properties: [.quarantine]),
    Case(sabotage: .cutsDamage, properties: [.quarantine, .durability]),
    Case(sabotage: .healsEarly, properties: [.quarantine]),
    Case(sabotage: .losesLog, properties: [.durability]),
    Case(sabotage: .neverDelivers, properties: [.liveness]),
    Case(
      sabotage: .claimsNewerVersion, properties: [.stateMachineSafety], workload: .registers),
    Case(sabotage: .leasesOutlivePromises, properties: [.linearizability]),
    Case(sabotage: .clocksStandStill, properties: [.linearizability, .revocation]),
  ]

  @Test(arguments: cases) func isFoundWithinFewSeeds(_ expected: Case) throws {
    let options = SimulationOptions(
      duration: .stretched(6_000_000), workload: expected.workload, sabotage: expected.sabotage)
    for seed in 1...40 as ClosedRange<UInt64> {
      guard let violation = Simulation(seed: seed, options: options).run().violation else {
        continue
      }
      #expect(expected.properties.contains(violation.property), "seed \(seed): \(violation)")
      return
    }
    Issue.record("not found within 40 seeds")
  }

  @Test func everyFaultHasItsCase() {
    #expect(Set(Self.cases.map(\.sabotage)) == Set(Sabotage.allCases))
  }
}
