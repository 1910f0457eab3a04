import Testing

@testable import Raft

/// A follower that is sent one snapshot after the other.
@Suite struct SnapshotInstallationTests {
  static let leader = MemberID(2)
  static let configuration = Configuration(
    voters: (1...3).map { Member(id: MemberID($0), name: "n\($0)", address: "n\($0):1") })

  var replica: Replica

  init() {
    replica = Replica(
      id: MemberID(1), options: ReplicaOptions(), recovered: RecoveredLog(),
      initial: Self.configuration, applied: .zero, seed: 1)
    receive(.heartbeat(commit: .zero, round: 0))
    _ = replica.takeEffects()
  }

  private mutating func receive(
    _ body: Message.Body, term: Term = Term(1), from sender: MemberID = Self.leader
  ) {
    replica.handle(.receive(Message(from: sender, to: MemberID(1), term: term, body: body)))
  }

  /// Whether a first piece of the snapshot at `index` is stored when it comes.
  private mutating func stores(
    _ index: UInt64, term: Term = Term(1), from sender: MemberID = Self.leader
  ) -> Bool {
    let piece = SnapshotChunk(
      metadata: snapshot(index), offset: 0, bytes: [1], isLast: false)
    receive(.snapshotChunk(piece), term: term, from: sender)
    return replica.takeEffects().contains {
      if case .storeSnapshot(piece, sender) = $0 { true } else { false }
    }
  }

  private func snapshot(_ index: UInt64) -> SnapshotMetadata {
    SnapshotMetadata(
      position: LogPosition(index: LogIndex(index), term: Term(1)),
      configuration: Self.configuration)
  }

  private func installations(_ effects: [Effect]) -> [LogIndex] {
    effects.compactMap {
      if case .installSnapshot(let metadata) = $0 { metadata.position.index } else { nil }
    }
  }

  private func applications(_ effects: [Effect]) -> [[LogIndex]] {
    effects.compactMap { if case .apply(let entries) = $0 { entries.map(\.index) } else { nil } }
  }

  /// The log begins after the newer snapshot: nothing can be applied on top of the older one.
  @Test mutating func nothingIsAppliedBeforeTheNewestReceivedSnapshotIsInstalled() {
    replica.handle(.snapshotReceived(snapshot(10)))
    #expect(installations(replica.takeEffects()) == [LogIndex(10)])
    // The leader has gone on so far that it sends another before this one is installed.
    replica.handle(.snapshotReceived(snapshot(20)))
    #expect(installations(replica.takeEffects()) == [LogIndex(20)])
    let entry = Entry(
      position: LogPosition(index: LogIndex(21), term: Term(1)), content: .termStart)
    receive(
      .append(Append(previous: snapshot(20).position, entries: [entry], commit: LogIndex(21))))
    _ = replica.takeEffects()
    replica.handle(.persisted(.max))

    replica.handle(.snapshotInstalled(snapshot(10).position))
    #expect(applications(replica.takeEffects()).isEmpty)
    #expect(replica.status.applied == .zero)

    replica.handle(.snapshotInstalled(snapshot(20).position))
    #expect(applications(replica.takeEffects()) == [[LogIndex(21)]])
    #expect(replica.status.applied == snapshot(20).position)
  }

  // MARK: Late pieces

  @Test mutating func aLeadersOlderSnapshotDoesNotTakeThePlaceOfItsNewerOne() {
    #expect(stores(10))
    #expect(stores(20))
    #expect(!stores(10))
    #expect(stores(20))
    #expect(stores(21))
    // Forgetting who leads doesn't make what is late any newer.
    replica.handle(.forgetLeader)
    #expect(!stores(20))
  }

  @Test mutating func anotherLeaderMayHaveAnOlderSnapshotAlone() {
    #expect(stores(20))
    #expect(stores(10, term: Term(2), from: MemberID(3)))
    #expect(stores(20, term: Term(3)))
  }

  @Test mutating func aPieceOfAnOlderTermIsNotStored() {
    #expect(stores(10))
    receive(.heartbeat(commit: .zero, round: 0), term: Term(3))
    #expect(!stores(20))
    #expect(!stores(20, term: Term(2)))
    #expect(stores(10, term: Term(3)))
  }
}
