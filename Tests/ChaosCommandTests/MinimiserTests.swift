import Simulator
import Testing

@testable import chaos

@Suite struct MinimiserTests {
  private func minimiser(_ seed: UInt64, _ property: Violation.Property) -> Minimiser {
    Minimiser(seed: seed, property: property, attempts: 25) {
      Simulation(seed: seed, options: $0.simulationOptions).run()
    }
  }

  private func firstFailure(_ settings: RunSettings) throws -> SimulationReport {
    try #require(
      (1...40).lazy.map { Simulation(seed: $0, options: settings.simulationOptions).run() }
        .first { $0.violation != nil })
  }

  @Test(arguments: [Sabotage.readsWithoutAsking, .losesLog])
  func sabotagedRunBecomesSmaller(sabotage: Sabotage) throws {
    let settings = RunSettings(minutes: 0.2, sabotage: sabotage)
    let failure = try firstFailure(settings)
    let violation = try #require(failure.violation)
    let result = try minimiser(failure.seed, violation.property).minimise(settings, violation)
    let before = Simulation(seed: failure.seed, options: settings.simulationOptions)
    let after = Simulation(seed: failure.seed, options: result.settings.simulationOptions)
    #expect(after.duration < before.duration)
    #expect(after.faults.count < before.faults.count)
    #expect(after.memberCount <= before.memberCount)
    #expect(result.settings.sabotage == sabotage)
    #expect(!result.isOriginal)
    #expect(after.run().violation == result.violation)
    #expect(result.violation.property == violation.property)
  }

  /// A search among runs that end as `violation` says.
  private func search(
    attempts: Int, _ violation: (RunSettings) -> Violation?
  ) throws -> Minimiser.Result {
    try withoutActuallyEscaping(violation) { violation in
      let minimiser = Minimiser(seed: 1, property: .liveness, attempts: attempts) {
        SimulationReport(
          seed: 1, members: 3, violation: violation($0), traceHash: 0, coverage: Coverage(),
          simulated: 0, steps: 0)
      }
      let original = Violation(property: .liveness, details: "first", time: 15_000_000)
      return try minimiser.minimise(RunSettings(minutes: 0.25), original)
    }
  }

  @Test func attemptsAreBounded() throws {
    let violation = Violation(property: .liveness, details: "always", time: 15_000_000)
    #expect(try search(attempts: 3) { _ in violation }.attempts == 3)
  }

  @Test func onlyTheSamePropertyCounts() throws {
    let other = Violation(property: .crash, details: "another", time: 1)
    for violation in [nil, other] {
      let result = try search(attempts: 100) { _ in violation }
      #expect(result.isOriginal)
      #expect(result.settings == RunSettings(minutes: 0.25))
      #expect(result.violation.details == "first")
      #expect(result.attempts > 5 && result.attempts < 100)
    }
  }

  @Test func whatIsNeededRemains() throws {
    // Fails while one kind of fault happens among three members for long enough.
    let violation = Violation(property: .liveness, details: "small", time: 15_000_000)
    let kind = try #require(
      FaultKind.allCases.first(where: Simulation(seed: 1).faults.contains))
    let result = try search(attempts: 500) {
      $0.faults.kinds.contains(kind) && ($0.nodes ?? 5) >= 3 && ($0.minutes ?? 1) > 0.1
        ? violation : nil
    }
    #expect(result.settings.faults.kinds == [kind])
    #expect(result.settings.nodes ?? 5 >= 3)
    let minutes = try #require(result.settings.minutes)
    #expect(minutes > 0.1 && minutes < 0.14)
  }
}
