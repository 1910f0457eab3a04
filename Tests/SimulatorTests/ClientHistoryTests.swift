import History
import Testing

@testable import Simulator

/// What the clients of a run saw, and what it shows by itself.
@Suite struct ClientHistoryTests {
  @Test(arguments: WorkloadKind.allCases) func soundRunHasALinearizableHistory(
    workload: WorkloadKind
  ) throws {
    var unanswered = 0
    for seed in 1...3 as ClosedRange<UInt64> {
      let options = SimulationOptions(duration: .stretched(3_000_000), workload: workload)
      let simulation = Simulation(seed: seed, options: options)
      let report = simulation.run()
      let history = simulation.history
      #expect(report.violation == nil)
      #expect(report.coverage[.operationsJudged] == history.count)
      #expect(try simulation.historyModel.judge(history) == .linearizable)
      let answers = report.coverage[.writesAcknowledged] + report.coverage[.readsAnswered]
      #expect(history.count { $0.returned != nil } == answers)
      let times = (history.map(\.called) + history.compactMap(\.returned)).sorted()
      #expect(Set(times).count == times.count && times.allSatisfy { $0 >= 0 })
      unanswered += history.count { $0.returned == nil }
    }
    #expect(unanswered > 0)
  }

  /// The history of a sound run with one answer exchanged for an older one.
  @Test(arguments: WorkloadKind.allCases) func alteredHistoryIsNotLinearizable(
    workload: WorkloadKind
  ) throws {
    let options = SimulationOptions(duration: .stretched(3_000_000), faults: [], workload: workload)
    let simulation = Simulation(seed: 3, options: options)
    _ = simulation.run()
    var history = simulation.history
    let last = try #require(history.indices.last { history[$0].name == "read" })
    let first = try #require(
      history.first {
        // The log is one for all workspaces.
        $0.name == "read" && $0.output != history[last].output
          && (workload == .tenants || $0.key == history[last].key)
      })
    history[last].output = first.output
    let verdict = try simulation.historyModel.judge(history)
    guard case .notLinearizable(let part) = verdict else {
      Issue.record("judged \(verdict)")
      return
    }
    #expect(part.operations.count <= 3 && part.operations.contains(history[last]))
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var sabotage: Sabotage
    var workload: WorkloadKind
    var model: ModelKind?
    var testDescription: String { "\(sabotage), \(model.map { "\($0)" } ?? "\(workload)")" }
  }

  /// Nothing but the history is looked at: neither the log nor what had been seen when an answer came.
  @Test(arguments: [
    Case(sabotage: .readsWithoutAsking, workload: .registers, model: .register),
    Case(sabotage: .readsWithoutAsking, workload: .registers),
    Case(sabotage: .readsWithoutAsking, workload: .tenants),
    Case(sabotage: .acknowledgesWithoutCommit, workload: .registers, model: .register),
    Case(sabotage: .acknowledgesWithoutCommit, workload: .registers),
    Case(sabotage: .acknowledgesWithoutCommit, workload: .tenants),
  ])
  func historyAloneShowsSabotage(_ example: Case) throws {
    var options = SimulationOptions(
      duration: .stretched(6_000_000), workload: example.workload, sabotage: example.sabotage)
    options.checksAnswers = false
    for seed in 1...40 as ClosedRange<UInt64> {
      let simulation = Simulation(seed: seed, options: options)
      let report = simulation.run()
      let model = example.model ?? simulation.historyModel
      guard case .notLinearizable(let part) = try model.judge(simulation.history) else { continue }
      if example.model == nil {
        #expect(report.violation?.property == .linearizability)
        #expect(report.violation?.details == "\(part)")
      }
      return
    }
    Issue.record("not found within 40 seeds")
  }

  @Test func refusedAttemptsLeaveNoOperation() {
    var history = ClientHistory(clients: 2)
    let begun = BegunOperation(name: "write", key: 0, input: 1)
    history.begin(0, begun, at: 5)
    history.begin(1, begun, at: 5)
    for client in 0...1 {
      for attempt in 1...2 { history.ask(Ticket(client: client, operation: 1, attempt: attempt)) }
      history.refuse(Ticket(client: client, operation: 1, attempt: 2))
    }
    history.refuse(Ticket(client: 1, operation: 1, attempt: 1))
    #expect(
      history.recorded == [
        ClientOperation(
          client: 0, name: "write", key: 0, input: 1, called: 5_000, returned: nil)
      ])
  }

  @Test func afterTheLimitNothingIsWrittenDown() {
    var history = ClientHistory(clients: 2, limit: 2)
    let begun = BegunOperation(name: "write", key: 0, input: 1)
    for client in 0...1 {
      history.begin(client, begun, at: 5)
      history.ask(Ticket(client: client, operation: 1, attempt: 1))
    }
    for client in 0...1 { history.end(client, true, at: 6) }
    history.begin(0, begun, at: 7)
    #expect(history.recorded.count == 2)
    #expect(history.recorded.allSatisfy { $0.returned == nil })
  }
}
