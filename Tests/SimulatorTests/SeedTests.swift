import Simulator
import Testing

@Suite struct SeedTests {
  @Test(arguments: [1...8, 9...16, 17...24, 25...32] as [ClosedRange<UInt64>])
  func fixedSeedsKeepAllProperties(seeds: ClosedRange<UInt64>) {
    for seed in seeds {
      let report = Simulation(seed: seed, options: SimulationOptions(duration: 4_000_000)).run()
      #expect(report.violation == nil, "seed \(seed)")
    }
  }

  @Test func aSeedAlwaysGivesTheSameRun() {
    for seed in 40...44 as ClosedRange<UInt64> {
      let options = SimulationOptions(duration: 3_000_000)
      let first = Simulation(seed: seed, options: options).run()
      let second = Simulation(seed: seed, options: options).run()
      #expect(first.traceHash == second.traceHash)
      #expect(first.steps == second.steps)
    }
  }

  @Test func readingTheTraceDoesNotChangeTheRun() {
    let silent = Simulation(seed: 50, options: SimulationOptions(duration: 2_000_000)).run()
    let options = SimulationOptions(duration: 2_000_000, trace: { _ in })
    #expect(Simulation(seed: 50, options: options).run().traceHash == silent.traceHash)
  }

  @Test func differentSeedsGiveDifferentRuns() {
    let options = SimulationOptions(duration: 1_000_000)
    let hashes = (60...69 as ClosedRange<UInt64>).map {
      Simulation(seed: $0, options: options).run().traceHash
    }
    #expect(Set(hashes).count == hashes.count)
  }

  @Test func fewSeedsMeetMostRareEvents() {
    var coverage = Coverage()
    for seed in 100...139 as ClosedRange<UInt64> {
      let report = Simulation(seed: seed, options: SimulationOptions(duration: 5_000_000)).run()
      coverage.add(report.coverage)
    }
    // Those that need two rare events at once.
    let rarest: Set<Coverage.Item> = [
      .readsInVain, .chunksMissing, .snapshotsRejected, .tornFiles, .diskErrors, .blackouts,
      .receivedPiecesDamaged, .quarantineFilesDamaged, .damageMet, .quarantinesForSnapshots,
      .snapshotsSetAside, .snapshotsFailed, .databasesErased, .logsReopened, .slowLeadersHandOver,
      .configurationsRolledBack, .leadersRemoved, .removedInquire, .removedElected,
      .refusedNotJoint,
      .refusedAlreadyMember, .refusedWrongRole, .refusedNotCaughtUp, .refusedNoVoters, .promotions,
      .outdatedStops, .refusedStarts, .refusedFeatureLevelTooLow,
    ]
    for item in Coverage.Item.allCases where !rarest.contains(item) {
      #expect(coverage[item] > 0, "\(item.rawValue)")
    }
  }
}
