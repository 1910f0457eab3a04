import Raft

/// What the operator wants.
extension Simulation {
  private static let maxMachines = 24
  private static let maxMembers = 8

  /// What is to be asked for next, if the cluster lacks something or a change is due.
  func nextErrand() -> ClusterOperator.Errand? {
    let configuration = checker.membership.latest
    if configuration.isJoint {
      guard configuration.waitsInJoint, isCalm || random.happens(300_000) else { return nil }
      return ClusterOperator.Errand(change: .leaveJoint, isRepair: true)
    }
    if let change = repair(configuration) {
      return mayAsk(for: change) ? ClusterOperator.Errand(change: change, isRepair: true) : nil
    }
    guard clusterOperator.isDue, !isCalm else { return nil }
    clusterOperator.isDue = false
    guard let (change, isHopeless) = drawChange(configuration), isHopeless || mayAsk(for: change)
    else { return nil }
    return ClusterOperator.Errand(change: change)
  }

  /// Takes out a member whose machine or disk is gone, and lets another take its place.
  private func repair(_ configuration: Configuration) -> MembershipChange? {
    guard
      let dead = configuration.members.first(where: { member in
        members.contains { $0.id == member.id && $0.isGone }
      })
    else { return nil }
    guard random.happens(800_000), let machine = spareMachine(besides: []) else {
      return MembershipChange([.remove(dead.id)])
    }
    // It takes over the name and the address, and nothing else.
    let successor = Member(
      id: machine.id, name: dead.name, address: dead.address, priority: dead.priority)
    return .replace(dead.id, by: successor)
  }

  // MARK: Changes

  /// A change that somebody might want, and whether it must be refused whenever it is handled.
  private func drawChange(
    _ configuration: Configuration
  ) -> (change: MembershipChange, isHopeless: Bool)? {
    if random.happens(200_000) { return drawMistake(configuration) }
    var roster = Roster(configuration)
    var steps: [MembershipChange.Step] = []
    for _ in 0..<(random.happens(300_000) ? random.draw(2...4) : 1) {
      guard let step = drawStep(configuration, roster, besides: steps),
        let next = roster.changed(by: MembershipChange([step]))
      else { continue }
      steps.append(step)
      roster = next
    }
    guard !steps.isEmpty else { return nil }
    let path = random.pick(
      [.shortest, .shortest, .joint, .jointUntilAsked] as [MembershipChange.Path])
    return (MembershipChange(steps, path: path), false)
  }

  private func drawStep(
    _ configuration: Configuration, _ roster: Roster, besides steps: [MembershipChange.Step]
  ) -> MembershipChange.Step? {
    let voters = roster.voters.sorted()
    let learners = roster.learners.sorted()
    switch random.draw(0...9) {
    case 0...(voters.count < 3 ? 5 : 3):
      guard roster.everybody.count < Self.maxMembers,
        let machine = spareMachine(besides: MembershipChange(steps).newcomers)
      else { return nil }
      let newcomer = drawMember(machine)
      return switch random.draw(0...9) {
      case 0...4: .addLearner(newcomer, promotes: true)
      case 5, 6: .addLearner(newcomer, promotes: false)
      default: .addVoter(newcomer)
      }
    case 4, 5:
      guard voters.count > 1 else { return nil }
      if random.coin(), let leader = leader(), voters.contains(leader.id) {
        return .remove(leader.id)
      }
      return .remove(random.pick(voters))
    case 6: return learners.isEmpty ? nil : .remove(random.pick(learners))
    case 7: return voters.count > 1 ? .demote(random.pick(voters)) : nil
    case 8: return learners.isEmpty ? nil : .promote(random.pick(learners))
    default:
      var member = random.pick(configuration.members)
      member.priority = UInt32(random.draw(0...plan.highestPriority))
      member.address = "\(member.name):\(random.draw(8_100...8_200))"
      return roster.everybody.contains(member.id) ? .update(member) : nil
    }
  }

  private func drawMember(_ machine: SimulatedMember) -> Member {
    Member(
      id: machine.id, name: "m\(machine.number)", address: "m\(machine.number):8100",
      priority: UInt32(random.draw(0...plan.highestPriority)))
  }

  private func drawMistake(
    _ configuration: Configuration
  ) -> (change: MembershipChange, isHopeless: Bool) {
    switch random.draw(0...5) {
    case 0: (MembershipChange([.remove(MemberID(random.next() | 1))]), true)
    case 1: (MembershipChange([.addVoter(random.pick(configuration.members))]), false)
    case 2: (MembershipChange([.promote(random.pick(configuration.voters))]), false)
    case 3: (.leaveJoint, false)
    case 4: (MembershipChange(configuration.voters.map { .demote($0) }), false)
    default:
      // So many voters that nobody has heard that the others can't be a majority.
      (
        MembershipChange(
          (0...Self.maxMembers).map { number in
            .addVoter(Member(id: MemberID(random.next() | 1), name: "x\(number)", address: "x:1"))
          }), true
      )
    }
  }

  // MARK: Machines

  /// One that runs and has never been a member; a new one, if there is none.
  private func spareMachine(besides taken: [MemberID]) -> SimulatedMember? {
    let possible = checker.membership.possible(after: checker.ledger.last.index)
    let spare = machines.first { machine in
      !machine.isFounder && !machine.hasJoined && !taken.contains(machine.id)
        && !possible.contains { $0.member(machine.id) != nil }
    }
    if let spare { return spare }
    return members.count < Self.maxMachines ? addMachine() : nil
  }
}
