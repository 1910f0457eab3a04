import Raft

/// The last act of a run. Everything works again, then a minority is cut off once more, often with the
/// leader in it, and the others must serve without it: a cluster lives as long as a quorum does.
enum LastOutage {
  case ahead
  /// Lasts until an operation is done that was begun after so many.
  case underWay(SimulatedNetwork.PartitionID, operations: Int)
  case over
}

extension Simulation {
  /// What is missing until the run may end; nil when all has happened, and gone well.
  func obstacleToTheEnd() -> String? {
    switch lastOutage {
    case .ahead:
      if let obstacle = obstacleToConvergence() { return obstacle }
      guard random.happens(plan.outageChance), beginOutage() else {
        lastOutage = .over
        return nil
      }
      return "a minority is cut off"
    case .underWay(let id, let operations):
      guard clients[clients.count - 1].operations > operations + 1 else {
        return "a minority is cut off, and no fresh write is acknowledged"
      }
      trace.note(now, "h", 0, UInt64(id), as: "the others serve, the minority comes back")
      network.heal(id)
      lastOutage = .over
      calmSince = now
      return "a minority was cut off"
    case .over: return obstacleToConvergence()
    }
  }

  /// Cuts a minority off, both ways or one way. Returns false if there is none that the others can do
  /// without.
  private func beginOutage() -> Bool {
    var side: [Int] = []
    if random.coin(), let leader = leader() { side.append(leader.number) }
    let numbers = finalMembers.map(\.number)
    let first = random.draw(0...numbers.count - 1)
    for member in numbers[first...] + numbers[..<first]
    where !side.contains(member) && canServe(without: side + [member]) && random.coin() {
      side.append(member)
    }
    guard !side.isEmpty, canServe(without: side) else { return false }
    coverage.count(.lastOutages)
    let others = members.indices.filter { !side.contains($0) }
    let id =
      switch random.draw(0...2) {
      case 0: network.cut(side: side, members: members.count, oneWay: false)
      case 1: network.cut(side: side, members: members.count, oneWay: true)
      default: network.cut(side: others, members: members.count, oneWay: true)
      }
    trace.note(
      now, "p", side[0], UInt64(id), as: "the last outage: \(side.sorted()) are cut off")
    lastOutage = .underWay(id, operations: clients[clients.count - 1].operations)
    calmSince = now
    return true
  }

  /// Whether the members but those of `side` are a quorum, whatever configuration they go by.
  private func canServe(without side: [Int]) -> Bool {
    let others = finalMembers.filter { !side.contains($0.number) && $0.process != nil }
    let able = others.filter { $0.process?.status.quarantine == nil }.map(\.id)
    return finalMembers.allSatisfy { member in
      member.process?.status.configuration.hasQuorum(where: able.contains) ?? true
    }
  }
}
