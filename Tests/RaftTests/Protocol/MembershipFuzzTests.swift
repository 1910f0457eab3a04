import Testing

@testable import Raft

/// Random changes of membership amid crashes, partitions and lost entries: logs never disagree, and the
/// cluster goes on when the faults are over.
@Suite struct MembershipFuzzTests {
  @Test(arguments: 1...60 as ClosedRange<UInt64>)
  func membersAgreeHoweverTheMembershipChanges(seed: UInt64) throws {
    var run = FuzzedMembership(seed: seed)
    for _ in 0..<250 {
      run.step()
      try run.check()
    }
    try run.settle()
  }
}

private struct FuzzedMembership {
  private var cluster: TestCluster
  private var generator: SeededGenerator
  private var committed: [LogIndex: Entry] = [:]
  private var checked: [MemberID: Int] = [:]
  private var leaders: [Term: MemberID] = [:]
  private var stopped: Set<MemberID> = []
  private var made: UInt64 = 3
  private var proposals: UInt64 = 0

  init(seed: UInt64) {
    generator = SeededGenerator(seed: seed)
    var options = ReplicaOptions()
    options.consensus.electionTicks = 12
    options.consensus.heartbeatTicks = 3
    options.consensus.appendBytes = 100
    cluster = TestCluster(3, options: options)
  }

  private mutating func draw(_ range: Range<Int>) -> Int {
    Int.random(in: range, using: &generator)
  }

  private mutating func pick(_ ids: [MemberID]) -> MemberID? {
    ids.randomElement(using: &generator)
  }

  // MARK: Steps

  mutating func step() {
    switch draw(0..<20) {
    case 0..<8: cluster.run(rounds: draw(1..<12))
    case 8..<12: propose()
    case 12..<14: change()
    case 14: crash()
    case 15: restartAll()
    case 16: partition()
    case 17, 18: cluster.heal()
    default: damage()
    }
  }

  private mutating func propose() {
    guard let member = pick(cluster.ids) else { return }
    proposals += 1
    _ = cluster.propose("c\(proposals)", on: member, sequence: proposals)
    cluster.deliver()
  }

  private mutating func change() {
    guard let leader = cluster.leader else { return }
    let configuration = cluster.status(leader).configuration
    var steps: [MembershipChange.Step] = []
    for _ in 0..<draw(1..<3) {
      switch draw(0..<6) {
      case 0, 1:
        guard made < 7 else { break }
        made += 1
        let member = cluster.addStranger(MemberID(made))
        steps.append(draw(0..<4) == 0 ? .addVoter(member) : .addLearner(member, promotes: true))
      case 2: if let id = pick(configuration.voters) { steps.append(.remove(id)) }
      case 3: if let id = pick(configuration.voters) { steps.append(.demote(id)) }
      case 4: if let id = pick(configuration.learners) { steps.append(.promote(id)) }
      default:
        guard var member = configuration.members.randomElement(using: &generator) else { break }
        member.priority = UInt32(draw(0..<3))
        steps.append(.update(member))
      }
    }
    guard !steps.isEmpty else { return }
    let path: MembershipChange.Path = draw(0..<3) == 0 ? .joint : .shortest
    _ = cluster.change(MembershipChange(steps, path: path), on: leader)
  }

  private mutating func crash() {
    guard let member = pick(cluster.ids), stopped.count < 2 else { return }
    cluster.stop(member)
    stopped.insert(member)
  }

  private mutating func restartAll() {
    for member in stopped.sorted() { cluster.restart(member) }
    stopped = []
  }

  private mutating func partition() {
    var side: Set<MemberID> = []
    for id in cluster.ids where draw(0..<3) == 0 { side.insert(id) }
    cluster.cut(side)
  }

  /// One member at a time loses the end of its log, for a minority's disks may lie.
  private mutating func damage() {
    guard !cluster.ids.contains(where: { cluster.disks[$0]!.log.quarantine != nil }),
      // Of two voters each is needed, so neither may lose anything.
      cluster.ids.allSatisfy({ cluster.status($0).configuration.voters.count != 2 }),
      cluster.ids.allSatisfy({ cluster.status($0).configuration.voters.count != 1 }),
      let member = pick(cluster.ids.filter { cluster.status($0).last.index > LogIndex(1) })
    else { return }
    let last = cluster.status(member).last.index
    cluster.stop(member)
    cluster.damage(member, from: LogIndex(UInt64(draw(1..<Int(last.rawValue) + 1))))
    checked[member] = 0
    cluster.restart(member)
    stopped.remove(member)
    // Its leader hears of the loss before the membership changes again.
    cluster.heal()
    cluster.run(rounds: 15)
  }

  // MARK: Checks

  mutating func check() throws {
    for id in cluster.ids {
      let entries = cluster.applied[id, default: []]
      for entry in entries[min(checked[id, default: 0], entries.count)...] {
        try #require((committed[entry.index] ?? entry) == entry, "\(id) applies \(entry)")
        committed[entry.index] = entry
      }
      checked[id] = entries.count
      let status = cluster.status(id)
      guard !stopped.contains(id), status.role == .leader else { continue }
      try #require((leaders[status.term] ?? id) == id, "two leaders in term \(status.term)")
      leaders[status.term] = id
    }
  }

  private func describe(_ id: MemberID) -> String {
    let status = cluster.status(id)
    let configuration = status.configuration
    return "\(id.rawValue) \(status.role) term \(status.term) log \(status.last), voters "
      + "\(configuration.voters.map(\.rawValue)), outgoing "
      + "\(configuration.outgoingVoters.map(\.rawValue))"
      + (status.quarantine == nil ? "" : " in quarantine")
  }

  /// When the faults are over, the configuration's members agree on a fresh entry.
  mutating func settle() throws {
    cluster.heal()
    restartAll()
    cluster.run(rounds: 600)
    guard let leader = cluster.leader else {
      Issue.record("nobody leads: \(cluster.ids.map(describe).joined(separator: "; "))")
      return
    }
    _ = cluster.propose("last", on: leader, sequence: 1_000_000)
    cluster.run(rounds: 100)
    try check()
    let configuration = cluster.status(leader).configuration
    #expect(!configuration.isJoint)
    for id in configuration.ids {
      #expect(cluster.commands(of: id).last == Array("last".utf8), "\(id) has not come along")
      #expect(cluster.status(id).quarantine == nil)
    }
  }
}
