import Testing

@testable import Raft

/// A member that joined: it starts with an empty configuration and learns all from its leader.
@Suite struct JoiningTests {
  private static let id = MemberID(4)
  private static let leader = MemberID(1)
  private static let configuration = Configuration(
    members: (1...4).map { Member(id: MemberID($0), name: "n\($0)", address: "n\($0):1") },
    voters: (1...3).map { MemberID($0) }, learners: [id])

  private var replica = Replica(
    id: id, options: ReplicaOptions(snapshotEntries: 2), recovered: RecoveredLog(),
    initial: Configuration(), applied: .zero, seed: 1)

  /// The leader sends these entries, all committed; they are written and applied.
  private mutating func follow(_ entries: [Entry]) -> [SnapshotMetadata] {
    let first = entries[0].index.previous
    let append = Append(
      previous: LogPosition(index: first, term: first == .zero ? .zero : Term(1)),
      entries: entries, commit: entries[entries.count - 1].index)
    replica.handle(
      .receive(
        Message(from: Self.leader, to: Self.id, term: Term(1), body: .append(append))))
    var snapshots: [SnapshotMetadata] = []
    var effects = replica.takeEffects()
    while !effects.isEmpty {
      for effect in effects {
        switch effect {
        case .persist(let batch): replica.handle(.persisted(batch.sequence))
        case .apply(let entries): replica.handle(.applied(entries[entries.count - 1].position))
        case .takeSnapshot(let metadata): snapshots.append(metadata)
        default: break
        }
      }
      effects = replica.takeEffects()
    }
    return snapshots
  }

  private func entry(_ index: UInt64, _ content: Entry.Content) -> Entry {
    Entry(position: LogPosition(index: LogIndex(index), term: Term(1)), content: content)
  }

  @Test mutating func takesNoSnapshotBeforeItKnowsTheConfiguration() {
    // Its snapshot would say that nobody votes, to itself after a restart and to whom it is sent.
    let early = follow((1...6).map { entry($0, .command([], proposal: nil)) })
    #expect(early.isEmpty)
    let late = follow([entry(7, .configuration(Self.configuration, proposal: nil))])
    #expect(late.map(\.configuration) == [Self.configuration])
    #expect(late.map(\.position.index) == [LogIndex(7)])
  }
}
