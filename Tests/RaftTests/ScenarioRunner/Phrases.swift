@testable import Raft

extension Phrase {
  /// All that a scenario can say. The first form that fits counts.
  static let all =
    settings + links + clocks + deliveries + disks + requests + views

  // MARK: Before it begins

  private static let settings = [
    Phrase(.arranges, "given … N") { stage, said in
      guard !stage.isFounded else { throw Refusal("the cluster is founded already") }
      let name = said.text(0)
      if name == "lease ms" {
        let duration = UInt64(said.number(1)) * 1_000_000
        stage.options.consensus.lease = LeaseOptions(duration: duration)
      } else if let option = options[name] {
        stage.options[keyPath: option] = said.number(1)
      } else {
        throw Refusal("there is no such option: \(options.keys.sorted().joined(separator: ", "))")
      }
    },
    Phrase(.arranges, "voters … and learner M") { stage, said in
      try found(stage, voters: said.words(0), learners: [said.text(1)])
    },
    Phrase(.arranges, "voters …") { stage, said in
      try found(stage, voters: said.words(0), learners: [])
    },
    Phrase(.arranges, "M holds terms … and is in term N") { stage, said in
      let id = said.member(0)
      let terms = said.words(1).compactMap { UInt64($0) }
      guard terms.count == said.words(1).count, terms == terms.sorted(),
        terms.last.map({ $0 <= said.number(2) }) != false
      else { throw Refusal("terms are numbers that never shrink, and none is above the member's") }
      try stage.running(id)
      let entries = terms.enumerated().map { i, term in
        Entry(
          position: LogPosition(index: LogIndex(UInt64(i + 1)), term: Term(term)),
          content: .command(Array("\(i + 1)of\(term)".utf8), proposal: nil))
      }
      try stage.drive {
        $0.stop(id)
        $0.seed(id, entries: entries, term: Term(UInt64(said.number(2))))
      }
      try stage.startsAnew(id)
      try stage.drive { $0.restart(id) }
    },
  ]

  private static func found(_ stage: Stage, voters: [String], learners: [String]) throws {
    let letters = (1...26).map { MemberID(UInt64($0)).letter }
    guard !voters.isEmpty, voters + learners == Array(letters.prefix(voters.count + learners.count))
    else { throw Refusal("members are called a, b, c and so on") }
    try stage.found(voters.count, learners: learners.count)
  }

  private static let options: [String: WritableKeyPath<ReplicaOptions, Int> & Sendable] = [
    "heartbeat ticks": \.consensus.heartbeatTicks, "election ticks": \.consensus.electionTicks,
    "append bytes": \.consensus.appendBytes, "inflight appends": \.consensus.inflightAppends,
    "inflight bytes": \.consensus.inflightBytes,
    "uncommitted bytes": \.consensus.uncommittedBytes, "cache bytes": \.consensus.cacheBytes,
    "snapshot chunk bytes": \.consensus.snapshotChunkBytes,
    "snapshot bytes per tick": \.consensus.snapshotBytesPerTick,
    "disk patience ticks": \.consensus.diskPatienceTicks, "answer ticks": \.answerTicks,
    "snapshot entries": \.snapshotEntries, "retained entries": \.retainedEntries,
  ]

  // MARK: Links

  private static let links = [
    Phrase(.arranges, "M → M is cut") { stage, said in
      try stage.require(said.member(0), said.member(1))
      stage.network.cut(said.member(0), said.member(1))
    },
    Phrase(.arranges, "M ↔ M is cut") { stage, said in
      try stage.require(said.member(0), said.member(1))
      stage.network.cut(said.member(0), said.member(1))
      stage.network.cut(said.member(1), said.member(0))
    },
    Phrase(.arranges, "M is cut off") { stage, said in
      try stage.require(said.member(0))
      stage.network.deafen(said.member(0))
      stage.network.silence(said.member(0))
    },
    Phrase(.arranges, "M hears nothing") { stage, said in
      try stage.require(said.member(0))
      stage.network.deafen(said.member(0))
    },
    Phrase(.arranges, "M is not heard") { stage, said in
      try stage.require(said.member(0))
      stage.network.silence(said.member(0))
    },
    Phrase(.arranges, "P → P loses …") { stage, said in
      _ = try stage.cluster()
      try stage.network.lose(said.text(2), from: said.party(0), to: said.party(1))
    },
    Phrase(.arranges, "M → M is slow") { stage, said in
      try stage.require(said.member(0), said.member(1))
      stage.network.slow(said.member(0), said.member(1))
    },
    Phrase(.arranges, "M → M is quick") { stage, said in
      stage.network.quicken(said.member(0), said.member(1))
    },
    Phrase(.arranges, "the network heals") { stage, _ in stage.network = SceneNetwork() },
  ]
}
