import Simulator
import Testing

@Suite struct SeedTests {
  @Test(arguments: [1...8, 9...16, 17...24, 25...32] as [ClosedRange<UInt64>])
  func fixedSeedsKeepAllProperties(seeds: ClosedRange<UInt64>) {
    for seed in seeds {
      let report = Simulation(
        seed: seed, options: SimulationOptions(duration: .stretched(4_000_000))
      ).run()
      #expect(report.violation == nil, "seed \(seed)")
    }
  }

  @Test func aSeedAlwaysGivesTheSameRun() {
    for seed in 40...44 as ClosedRange<UInt64> {
      let options = SimulationOptions(duration: .stretched(3_000_000))
      let first = Simulation(seed: seed, options: options).run()
      let second = Simulation(seed: seed, options: options).run()
      #expect(first.traceHash == second.traceHash)
      #expect(first.steps == second.steps)
    }
  }

  @Test func readingTheTraceDoesNotChangeTheRun() {
    let silent = Simulation(seed: 50, options: SimulationOptions(duration: .stretched(2_000_000)))
      .run()
    let options = SimulationOptions(duration: .stretched(2_000_000), trace: { _ in })
    #expect(Simulation(seed: 50, options: options).run().traceHash == silent.traceHash)
  }

  @Test func differentSeedsGiveDifferentRuns() {
    let options = SimulationOptions(duration: .stretched(1_000_000))
    let hashes = (60...69 as ClosedRange<UInt64>).map {
      Simulation(seed: $0, options: options).run().traceHash
    }
    #expect(Set(hashes).count == hashes.count)
  }

  @Test func seedDecidesHowSlowItsWorldIs() {
    func durations(_ duration: SimulatedDuration) -> Set<Int> {
      let options = SimulationOptions(duration: duration)
      return Set(
        (1...100 as ClosedRange<UInt64>).map { Simulation(seed: $0, options: options).duration })
    }
    #expect(durations(.stretched(10)) == Set((1...12).map { 10 * $0 }))
    #expect(durations(.exactly(10)) == [10])
  }

  @Test func slowWorldsSeeAboutAsMuchHappenAsQuickOnes() {
    let reports = (70...99 as ClosedRange<UInt64>).map {
      let options = SimulationOptions(duration: .stretched(1_000_000), faults: [])
      return Simulation(seed: $0, options: options).run()
    }
    // The slow ones take about eight times as long.
    let quick = reports.filter { $0.simulated < 6_000_000 }.map(\.steps)
    let slow = reports.filter { $0.simulated > 12_000_000 }.map(\.steps)
    #expect(quick.count > 5 && slow.count > 5)
    func mean(_ steps: [Int]) -> Int { steps.reduce(0, +) / max(1, steps.count) }
    #expect(mean(slow) < 3 * mean(quick) && mean(quick) < 3 * mean(slow))
  }

  @Test func fewSeedsOfTenantsMeetWhatTheirModelsJudge() {
    var coverage = Coverage()
    for seed in 100...123 as ClosedRange<UInt64> {
      let options = SimulationOptions(duration: .stretched(8_000_000), workload: .tenants)
      coverage.add(Simulation(seed: seed, options: options).run().coverage)
    }
    let expected: [Coverage.Item] = [
      .secretsEnded, .ownersMade, .sessionsReused, .refreshesRaced, .refreshesRefused,
      .endedActorsRefused, .passwordsChanged, .passwordsOutdated, .passwordsReset,
      .resetTokensRefused, .attemptsRefused, .signingKeysRevoked, .revokedTokensRefused,
      .lateRepetitions, .commitWaits, .staleReads, .staleReadsConfirmed, .staleReadsRefused,
      .callsRefused, .quotaRefusals, .freeWorkspacesRefused, .resetMailsRefused,
      .plansDefined, .settingsUndercut, .callLimitsUndercut, .proofsRequested,
    ]
    for item in expected { #expect(coverage[item] > 0, "\(item.rawValue)") }
  }

  @Test func fewSeedsMeetMostRareEvents() {
    var coverage = Coverage()
    for seed in 100...139 as ClosedRange<UInt64> {
      let report = Simulation(
        seed: seed, options: SimulationOptions(duration: .stretched(5_000_000))
      ).run()
      coverage.add(report.coverage)
    }
    // Those that fewer than three in ten of the longer runs of a campaign meet.
    let rarest: Set<Coverage.Item> = [
      .blackouts, .crashesInApplying, .crashesBetweenEffects, .clocksStoodStill, .outdatedStops,
      .refusedStarts, .diskErrors, .diskStalls, .fullDisks, .refusedForSpace, .slowDisks,
      .slowLeadersHandOver, .logsReopened, .snapshotsFailed, .tornFiles, .bitsRotted, .writesLost,
      .writesMisdirected, .snapshotsDamaged, .ballotsDamaged, .quarantineFilesDamaged,
      .receivedPiecesDamaged, .damageVanished, .damageMet, .quarantines, .quarantinesForSnapshots,
      .quarantinesEnded, .snapshotsSetAside, .databasesErased, .priorityTransfers, .changesUnknown,
      .refusedNotReady, .refusedUnderWay, .refusedNotJoint, .refusedUnknownMember,
      .refusedAlreadyMember, .refusedWrongRole, .refusedNotCaughtUp, .refusedNoVoters,
      .refusedMembershipChanged, .refusedLosesQuorum, .refusedFeatureLevelTooLow, .votersAdded,
      .leadersRemoved,
      .membersReplaced, .demotions, .promotions, .membersUpdated, .jointEntered,
      .jointLeftByItself, .jointLeftOnRequest, .configurationsRolledBack, .removedInquire,
      .removedElected, .membersShutDown, .leasesForsworn, .readsInVain, .chunksMissing,
      .snapshotsRejected, .receptionsReplaced, .logsCutByBytes, .logsKeptForTransfers, .tornSectors,
      .membershipsChanged, .keysCreated, .keysRevoked,
      .rowsReserved,
      .reservationsSettled, .reservationsReleased, .reservationsExpired, .quotaRefusals,
      .commandsRefused, .requestsRepeated, .requestsForgotten, .housesKept, .workspacesChanged,
      .workspacesDeleted, .plansDefined, .settingsUndercut, .freeWorkspacesRefused, .keysRotated,
      .callsAdmitted, .callsRefused, .callLeasesGranted, .callLeasesReturned, .callLeasesExpired,
      .callLeasesAskedAgain, .callLimitsUndercut, .restsUsedUp,
      .secretsEnded, .ownersMade, .sessionsOpened, .sessionsRenewed, .sessionsReused,
      .refreshesRaced, .refreshesRefused, .sessionsClosed, .endedActorsRefused, .passwordsChanged,
      .passwordsOutdated, .passwordHashesUpgraded, .resetsRequested, .resetMailsRefused,
      .passwordsReset,
      .resetTokensRefused, .proofsRequested, .proofsRefused, .addressesProven, .attemptsCounted,
      .attemptsRefused, .signingKeysRotated,
      .signingKeysRevoked, .revokedTokensRefused, .lateRepetitions, .commitWaits, .staleReads,
      .staleReadsConfirmed, .staleReadsRefused,
    ]
    for item in Coverage.Item.allCases where !rarest.contains(item) {
      #expect(coverage[item] > 0, "\(item.rawValue)")
    }
  }
}
