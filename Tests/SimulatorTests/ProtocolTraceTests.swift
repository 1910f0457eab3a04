import Simulator
import Synchronization
import Testing

@Suite struct ProtocolTraceTests {
  private static func trace(_ seed: UInt64, _ options: SimulationOptions) -> [ProtocolEvent] {
    final class Events: Sendable { let all = Mutex<[ProtocolEvent]>([]) }
    let events = Events()
    var options = options
    options.protocolTrace = { _, event in events.all.withLock { $0.append(event) } }
    #expect(Simulation(seed: seed, options: options).run().violation == nil)
    return events.all.withLock { $0 }
  }

  private static let allFaults = SimulationOptions(duration: .stretched(2_000_000))

  @Test(arguments: [1, 2, 3, 22, 110] as [UInt64])
  func everyEventIsAStepOfTheSpecification(seed: UInt64) throws {
    // Restarts, duplicates and snapshots are where the specification is narrower than the program.
    let options = SimulationOptions(
      duration: .stretched(1_000_000),
      faults: [.loss, .delay, .partitions, .oneWayPartitions, .pauses, .transfers, .clockDrift])
    var model = ProtocolModel()
    var steps = 0
    for event in Self.trace(seed, options) {
      if event.msg?.type == .snapshot { break }
      try model.take(event)
      steps += 1
    }
    #expect(steps > 200)
  }

  /// A model that takes anything proves nothing.
  @Test func alteredTraceIsNoBehaviourOfTheSpecification() throws {
    let options = SimulationOptions(duration: .stretched(1), faults: [])
    let sound = Array(Self.trace(1, options).prefix(2_000))
    func accepts(_ trace: [ProtocolEvent]) -> Bool {
      var model = ProtocolModel()
      do {
        for event in trace { try model.take(event) }
        return true
      } catch { return false }
    }
    let isAccepted = accepts(sound)
    #expect(isAccepted)
    for name in [
      ProtocolEvent.Name.becomeCandidate, .becomeLeader, .commit, .replicate, .ready, .sendAppend,
      .sendVote, .receiveAppend, .receiveAppendReply, .receiveVote, .receiveVoteReply,
    ] {
      // Not every event is needed: an answer beyond the quorum, say, is not.
      let places = sound.indices.filter { sound[$0].name == name }.prefix(10)
      let isNoticed = places.contains { place in
        var shorter = sound
        shorter.remove(at: place)
        return !accepts(shorter)
      }
      #expect(isNoticed, "without \(name)")
    }
    let commit = try #require(sound.firstIndex { $0.name == .commit })
    var early = sound
    early[commit].state.commit += 1
    let isEarlyAccepted = accepts(early)
    #expect(!isEarlyAccepted)
  }

  @Test(arguments: 20...22 as ClosedRange<UInt64>) func termsAndCommitsOnlyGrow(seed: UInt64) {
    var terms: [String: UInt64] = [:]
    var commits: [String: UInt64] = [:]
    // One expectation for all: each costs more than the simulation of its event.
    let fault = Self.trace(seed, Self.allFaults).first { event in
      // A term survives a restart; what is committed is learnt again.
      if event.name == .initState { commits[event.nid] = 0 }
      defer {
        terms[event.nid] = event.state.term
        commits[event.nid] = event.state.commit
      }
      return event.state.term < terms[event.nid, default: 0]
        || event.state.commit < commits[event.nid, default: 0] || event.state.commit > event.log
    }
    #expect(fault == nil)
    #expect(terms.count >= 3)
  }

  @Test(arguments: 20...22 as ClosedRange<UInt64>) func leadersHaveAMajorityOfVotes(seed: UInt64) {
    struct Office: Hashable {
      var leader: String
      var term: UInt64
    }
    var votes: [Office: Set<String>] = [:]
    var leaders: [UInt64: String] = [:]
    for event in Self.trace(seed, Self.allFaults) {
      let office = Office(leader: event.nid, term: event.state.term)
      if event.name == .receiveVoteReply, let message = event.msg, !message.reject,
        message.term == event.state.term
      {
        votes[office, default: []].insert(message.from)
      }
      guard event.name == .becomeLeader else { continue }
      for voters in event.conf where !voters.isEmpty {
        let granted = voters.filter(votes[office, default: []].contains)
        #expect(2 * granted.count > voters.count)
      }
      #expect(leaders.updateValue(event.nid, forKey: event.state.term) == nil)
      #expect(event.role == .leader)
      #expect(event.state.vote == event.nid)
    }
    #expect(!leaders.isEmpty)
  }

  @Test func tracingDoesNotChangeTheRun() {
    let silent = Simulation(seed: 51, options: Self.allFaults).run()
    var options = Self.allFaults
    options.protocolTrace = { _, _ in }
    #expect(Simulation(seed: 51, options: options).run().traceHash == silent.traceHash)
  }
}
