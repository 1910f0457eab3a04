import Simulator
import Testing

/// A checker that never complains proves nothing: each deliberate fault must be found soon, and be
/// called by its name.
@Suite struct SabotageTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var sabotage: Sabotage
    var properties: Set<Violation.Property>
    var testDescription: String { sabotage.rawValue }
  }

  static let cases: [Case] = [
    Case(
      sabotage: .reportsPersistedBeforeSynchronize,
      properties: [.durability, .leaderCompleteness, .voteOnce, .recovery]),
    // A term that goes back no longer fits what is kept of votes apart from the log: recovery refuses.
    Case(
      sabotage: .forgetsHardState, properties: [.voteOnce, .electionSafety, .recovery]),
    Case(sabotage: .appliesOutOfOrder, properties: [.stateMachineSafety]),
    Case(sabotage: .dropsAppliedEntry, properties: [.stateMachineSafety]),
    Case(sabotage: .acknowledgesWithoutCommit, properties: [.acknowledgedWrites]),
    Case(sabotage: .readsWithoutAsking, properties: [.linearizability]),
    Case(sabotage: .forgetsRequests, properties: [.stateMachineSafety, .acknowledgedWrites]),
    Case(sabotage: .neverSynchronizesDirectories, properties: [.recovery, .durability]),
    Case(sabotage: .losesLog, properties: [.durability]),
    Case(sabotage: .neverDelivers, properties: [.liveness]),
  ]

  @Test(arguments: cases) func isFoundWithinFewSeeds(_ expected: Case) throws {
    let options = SimulationOptions(duration: 6_000_000, sabotage: expected.sabotage)
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
