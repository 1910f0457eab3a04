@testable import Raft

/// What commands do on a stage.
extension Stage {
  func require(_ ids: MemberID...) throws {
    for id in ids { try status(id) }
  }

  // MARK: Elections

  /// Lets time pass on a member alone until it asks for votes, or certainly asks for none.
  func timeOut(_ id: MemberID) throws {
    guard try running(id).role != .leader else { throw Refusal("\(id.letter) leads") }
    let asked = try campaigns(of: id)
    for _ in 0..<2 * options.consensus.electionTicks {
      try drive { $0.tick(id) }
      if try campaigns(of: id) > asked || status(id).role == .leader { return }
    }
  }

  private func campaigns(of id: MemberID) throws -> Int {
    try cluster().sent.count { message in
      switch message.body {
      case .preVote, .vote: message.from == id
      default: false
      }
    }
  }

  /// Lets rounds pass until the member leads; nobody else's campaign is heard meanwhile.
  func elect(_ id: MemberID) throws {
    try running(id)
    network.onlyCandidate = id
    defer { network.onlyCandidate = nil }
    for _ in 0..<100 {
      if try status(id).role == .leader { break }
      try drive { $0.run(rounds: 1) }
    }
    guard try status(id).role == .leader else { throw Refusal("\(id.letter) is not elected") }
    try drive { $0.run(rounds: options.consensus.heartbeatTicks + 1) }
  }

  // MARK: Messages

  /// Makes sure that there is something to deliver.
  func underWay(_ chosen: (Message) -> Bool) throws {
    guard try cluster().network.contains(where: chosen) else {
      throw Refusal("nothing is under way there")
    }
  }

  /// Delivers until nothing is left but what is held.
  func deliverAll() throws {
    let network = network
    for _ in 0..<500 {
      guard try cluster().network.contains(where: { !network.holds($0) }) else { return }
      try drive { $0.deliver { !network.holds($0) } }
    }
    throw Refusal("the messages never end")
  }

  func deliver(from: MemberID, to: MemberID, _ choose: ([Message]) -> Message?) throws {
    let messages = try cluster().network.filter { $0.from == from && $0.to == to }
    guard let chosen = choose(messages) else { throw Refusal("nothing is under way there") }
    try drive { $0.deliver { $0 == chosen } }
  }

  // MARK: Disks

  func completeWrites(of id: MemberID, _ count: Int) throws {
    try running(id)
    let waiting = try cluster().heldWrites[id, default: []]
    guard !waiting.isEmpty else { throw Refusal("no write is under way") }
    for batch in waiting.prefix(count) {
      tell("\(id.letter)'s disk has \(Transcript.contents(of: batch))")
      try drive { $0.releaseWrites(of: id, count: 1) }
    }
  }

  func restart(_ id: MemberID, keepsState: Bool) throws {
    try requireStopped(id)
    try startsAnew(id)
    try drive { $0.restart(id, keepsState: keepsState) }
    try tellStanding(of: id)
  }

  // MARK: Requests

  func propose(_ text: String, on id: MemberID) throws {
    try running(id)
    let payload = Array(text.utf8)
    let proposal = nextRequest(named: Wording.payload(payload), on: id)
    try drive { $0.handle(.propose(proposal, payload: payload), on: id) }
  }
}

extension MembershipChange {
  /// The change that such words ask for, like `add voter d, remove c jointly`.
  init(_ text: String) throws {
    if text == "leave the joint configuration" {
      self = .leaveJoint
      return
    }
    var text = text[...]
    var path = Path.shortest
    for (suffix, kind) in [(" jointly until told", Path.jointUntilAsked), (" jointly", .joint)]
    where text.hasSuffix(suffix) {
      text = text.dropLast(suffix.count)
      path = kind
    }
    self.init(try text.split(separator: ",").map { try Step($0) }, path: path)
  }
}

extension MembershipChange.Step {
  fileprivate init(_ text: Substring) throws {
    let words = text.split(separator: " ").map(String.init)
    func member(_ i: Int, priority: UInt32 = 0) throws -> Member {
      guard i < words.count, let id = MemberID(letter: words[i]) else {
        throw Refusal("a member is missing in “\(text)”")
      }
      let name = "n\(id.rawValue)"
      return Member(id: id, name: name, address: "\(name):1", priority: priority)
    }
    switch (words.first, words.dropFirst().first, words.count) {
    case ("add", "voter", 3): self = .addVoter(try member(2))
    case ("add", "learner", 3): self = .addLearner(try member(2), promotes: false)
    case ("add", "future", 4) where words[2] == "voter":
      self = .addLearner(try member(3), promotes: true)
    case ("promote", _, 2): self = .promote(try member(1).id)
    case ("demote", _, 2): self = .demote(try member(1).id)
    case ("remove", _, 2): self = .remove(try member(1).id)
    case ("prefer", _, 2): self = .update(try member(1, priority: 10))
    default: throw Refusal("no change is called “\(text)”")
    }
  }
}
