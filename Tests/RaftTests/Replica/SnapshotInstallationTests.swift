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

  private mutating func receive(_ body: Message.Body) {
    replica.handle(
      .receive(Message(from: Self.leader, to: MemberID(1), term: Term(1), body: body)))
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
}
