import Raft

/// What is seen of leases from outside.
extension Simulation {
  /// Counts what became of reads, and checks that only who rules alone has answered one by its lease.
  func watchLease(of member: SimulatedMember, _ process: MemberProcess, _ status: ReplicaStatus) {
    guard let lease = status.lease else { return }
    let before = process.lease?.term == status.term ? process.lease?.status : nil
    process.lease = (status.term, lease)
    if lease.isForsworn, before?.isForsworn != true { coverage.count(.leasesForsworn) }
    coverage.count(.leaseMisses, Int(lease.unanswered - (before?.unanswered ?? 0)))
    let answered = lease.answered - (before?.answered ?? 0)
    coverage.count(.leaseReads, Int(answered))
    guard answered > 0 else { return }
    // A sabotaged lease is left to what clients see, to prove that they do.
    guard options.sabotage == nil, let newest = checker.newestLed, newest > status.term else {
      return
    }
    report(
      .leases,
      "member \(member.number) answers a read by its lease in term \(status.term), but term "
        + "\(newest) has a leader")
  }
}
