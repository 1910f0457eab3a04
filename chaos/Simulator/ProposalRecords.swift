import Raft

/// What is promised of proposals, whatever their results: one that was refused is certainly not in the log,
/// and one is in the log at most once. A network that delivers a forwarded one twice weakens both: each copy
/// is taken or refused for itself.
struct ProposalRecords {
  private struct Record {
    /// How many times a leader may have been given it.
    var chances = 1
    var isForwarded = false
    var isRefused = false
    var commits = 0
  }

  private var records: [ProposalID: Record] = [:]

  /// A member passes a proposal on to the leader; `copies` of it are on their way.
  ///
  /// - Returns: what is wrong with that, if something is.
  mutating func forwarded(_ id: ProposalID, copies: Int) -> Finding? {
    let isRepeated = records[id]?.isForwarded == true
    records[id, default: Record()].isForwarded = true
    records[id, default: Record()].chances = max(1, copies)
    return isRepeated ? wrong("\(id) is forwarded a second time") : nil
  }

  /// The member that made a proposal learned that it was refused.
  mutating func refused(_ id: ProposalID) -> Finding? {
    records[id, default: Record()].isRefused = true
    return contradiction(id)
  }

  /// An entry is committed.
  mutating func committed(_ entry: Entry) -> Finding? {
    guard case .command(_, let id?) = entry.content else { return nil }
    records[id, default: Record()].commits += 1
    if let record = records[id], record.commits > record.chances {
      return wrong("\(id) is committed \(record.commits) times, the last time at \(entry.position)")
    }
    return contradiction(id)
  }

  private func contradiction(_ id: ProposalID) -> Finding? {
    guard let record = records[id], record.isRefused, record.commits > 0, record.chances == 1
    else { return nil }
    return wrong("\(id) was refused, and is committed all the same")
  }

  private func wrong(_ details: String) -> Finding {
    Finding(property: .acknowledgedWrites, details: "proposal \(details)")
  }
}
