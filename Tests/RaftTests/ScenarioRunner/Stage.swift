@testable import Raft

/// Where a scenario is played: a cluster, its network and disks, and who writes down what happens.
final class Stage {
  /// Short times, so that transcripts are short.
  var options: ReplicaOptions = {
    var options = ReplicaOptions()
    options.consensus.heartbeatTicks = 1
    options.consensus.electionTicks = 5
    options.consensus.diskPatienceTicks = 8
    options.answerTicks = 20
    return options
  }()
  private var founded: TestCluster?
  private let transcript = Transcript()
  private var decided = Decisions()
  private var requests = 0

  var network = SceneNetwork() {
    didSet {
      let network = network
      founded?.loses = { network.loses($0) }
      founded?.holds = { network.holds($0) }
    }
  }

  /// Carries a command out and returns the lines about what came of it.
  func carryOut(_ command: String) throws -> [String] {
    var words = command.split(separator: " ").map(String.init)
    let isQuiet = words.first == "quietly"
    if isQuiet { words.removeFirst() }
    for phrase in Phrase.all {
      guard let arguments = phrase.arguments(in: words) else { continue }
      guard phrase.kind == .drives || !isQuiet else { throw Refusal("nothing is left out here") }
      let before = statuses
      transcript.isQuiet = isQuiet
      try phrase.act(self, arguments)
      try checkSafety()
      if isQuiet { addNetChanges(since: before) }
      let lines = transcript.take()
      return phrase.kind == .drives && lines.isEmpty ? ["nothing happens"] : lines
    }
    throw Refusal("unknown command")
  }

  // MARK: The cluster

  func found(_ voters: Int, learners: Int) throws {
    guard founded == nil else { throw Refusal("there is a cluster") }
    founded = TestCluster(voters, learners: learners, options: options)
    founded?.observer = transcript
  }

  func cluster() throws -> TestCluster {
    guard let founded else { throw Refusal("there is no cluster yet: name the voters first") }
    return founded
  }

  var isFounded: Bool { founded != nil }

  func drive<Result>(_ body: (inout TestCluster) throws -> Result) throws -> Result {
    guard founded != nil else { throw Refusal("there is no cluster yet: name the voters first") }
    return try body(&founded!)
  }

  /// The status of a member that takes part in the scenario.
  @discardableResult
  func status(_ id: MemberID) throws -> ReplicaStatus {
    guard let replica = try cluster().replicas[id] else {
      throw Refusal("there is no \(id.letter)")
    }
    return replica.status
  }

  /// The status of a member that runs.
  @discardableResult
  func running(_ id: MemberID) throws -> ReplicaStatus {
    let status = try status(id)
    guard try !cluster().stopped.contains(id) else { throw Refusal("\(id.letter) is down") }
    return status
  }

  func requireStopped(_ id: MemberID) throws {
    try status(id)
    guard try cluster().stopped.contains(id) else { throw Refusal("\(id.letter) runs") }
  }

  private var statuses: [MemberID: ReplicaStatus] { founded?.replicas.mapValues(\.status) ?? [:] }

  // MARK: Telling

  func tell(_ line: String) { transcript.add(line) }

  func tellStanding(of id: MemberID) throws {
    let status = try status(id)
    let isDown = try cluster().stopped.contains(id)
    tell(isDown ? "\(id.letter)  is down" : Transcript.standing(status))
  }

  func startsAnew(_ id: MemberID) throws {
    transcript.starts(id, last: try cluster().disks[id]?.log.terms.lastIndex ?? .zero)
  }

  func setSlowDisk(_ id: MemberID, _ isSlow: Bool) throws {
    try status(id)
    try drive {
      if isSlow { $0.slowDisks.insert(id) } else { $0.slowDisks.remove(id) }
      transcript.slowDisks = $0.slowDisks
    }
  }

  /// A number for the next request, and the name under which the transcript speaks of it.
  func nextRequest(named name: String? = nil, on id: MemberID) -> ProposalID {
    requests += 1
    let proposal = ProposalID(member: id, sequence: UInt64(requests))
    if let name { transcript.name(proposal, name) }
    return proposal
  }

  private func addNetChanges(since before: [MemberID: ReplicaStatus]) {
    for (id, after) in statuses.sorted(by: { $0.key < $1.key }) {
      guard let before = before[id] else { continue }
      var parts = Transcript.changes(from: before, to: after)
      if after.last != before.last { parts.append("log to \(after.last)") }
      if after.applied != before.applied { parts.append("applied \(after.applied.index)") }
      if !parts.isEmpty { tell("\(id.letter)  \(parts.joined(separator: "; "))") }
    }
  }

  // MARK: Safety

  /// No story may end well that breaks what Raft promises.
  private func checkSafety() throws {
    if let rivals = transcript.rivals { throw Refusal("UNSAFE: \(rivals)") }
    guard let founded else { return }
    for id in founded.ids { try decided.check(founded.applied[id] ?? [], of: id) }
  }
}

/// What each index was decided to hold, as the first who applied it saw it (State Machine Safety, paper
/// figure 3).
struct Decisions {
  private var entries: [LogIndex: Entry] = [:]

  mutating func check(_ applied: [Entry], of id: MemberID) throws {
    for entry in applied {
      let first = entries[entry.index] ?? entry
      entries[entry.index] = first
      guard first == entry else {
        throw Refusal(
          "UNSAFE: \(id.letter) applies \(Wording.entry(entry)), another \(Wording.entry(first))")
      }
    }
  }
}
