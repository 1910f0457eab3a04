import Raft

/// Disks that are full, or slow, for a while.
extension Simulation {
  /// What a disk recovers from by itself.
  enum DiskTrouble {
    case full
    case slow
  }

  func fillDisk(of member: SimulatedMember) {
    coverage.count(.fullDisks)
    member.disk.isFull = true
    recoverDisk(of: member, from: .full, after: random.drawScaled(pace.stretch(50_000...2_000_000)))
  }

  /// Each synchronization takes long: longer than it may take a leader, with one period in two.
  func slowDisk(of member: SimulatedMember) {
    coverage.count(.slowDisks)
    let longest = random.drawScaled(pace.stretch(50_000...2_000_000))
    member.disk.behavior.drag = longest / 2...longest
    recoverDisk(
      of: member, from: .slow, after: random.drawScaled(pace.stretch(500_000...4_000_000)))
  }

  private func recoverDisk(
    of member: SimulatedMember, from trouble: DiskTrouble, after delay: Microseconds
  ) {
    scheduler.schedule(.diskRecovers(member: member.number, trouble), after: delay)
  }

  func diskRecovers(_ number: Int, _ trouble: DiskTrouble) {
    trace.note(now, "D", number, as: "m\(number)'s disk is no longer \(trouble)")
    switch trouble {
    case .full: members[number].disk.isFull = false
    case .slow: members[number].disk.behavior.drag = nil
    }
  }
}
