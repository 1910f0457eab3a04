import Testing

@testable import Raft

@Suite struct RecoveryTests {
  private let members = (1...3 as ClosedRange<UInt64>).map {
    Member(id: MemberID($0), name: "n\($0)", address: "n\($0):1")
  }

  private func position(_ index: UInt64) -> LogPosition {
    LogPosition(index: LogIndex(index), term: Term(1))
  }

  /// A member whose log holds entries 9 to 12.
  private func recovered(snapshot: UInt64) -> RecoveredLog {
    var terms = TermIndex(base: position(8))
    for index in 9...12 as ClosedRange<UInt64> { terms.append(position(index)) }
    return RecoveredLog(
      hardState: HardState(term: Term(1)), terms: terms,
      snapshot: SnapshotMetadata(
        position: position(snapshot), configuration: Configuration(voters: members)))
  }

  private func replica(snapshot: UInt64, applied: UInt64) -> Replica {
    replica(recovered(snapshot: snapshot), applied: applied)
  }

  private func replica(_ recovered: RecoveredLog, applied: UInt64) -> Replica {
    Replica(
      id: MemberID(1), options: ReplicaOptions(), recovered: recovered,
      initial: Configuration(voters: members), applied: applied == 0 ? .zero : position(applied),
      seed: 1)
  }

  @Test func snapshotFromBeforeTheLogDoesNotReplaceIt() {
    // The snapshot at 10 is damaged; the one before it, at 5, is below the log's base.
    var recovered = recovered(snapshot: 5)
    let shrunk = Configuration(voters: [members[0]])
    recovered.baseConfiguration = shrunk
    var replica = replica(recovered, applied: 11)
    let effects = replica.takeEffects()
    #expect(
      !effects.contains {
        switch $0 {
        case .persist, .installSnapshot: true
        default: false
        }
      })
    #expect(replica.status.last == position(12))
    #expect(replica.status.snapshot == nil)
    #expect(replica.status.configuration == shrunk)
  }

  @Test func wholeStateIsNotEnoughWhereTheConfigurationIsNotKnown() {
    var recovered = recovered(snapshot: 5)
    #expect(!Replica.isConsistent(applied: position(11), with: recovered))
    recovered.snapshot = nil
    #expect(!Replica.isConsistent(applied: position(8), with: recovered))
    #expect(Replica.isConsistent(applied: .zero, with: recovered))
    // Whoever knows it may go on, with all that stands for the entries before the log.
    recovered.baseConfiguration = Configuration(voters: members)
    #expect(Replica.isConsistent(applied: position(8), with: recovered))
    #expect(Replica.isConsistent(applied: position(11), with: recovered))
    #expect(!Replica.isConsistent(applied: position(5), with: recovered))
  }

  @Test func levelOfTheConfigurationWhereTheLogBeginsCounts() {
    var recovered = recovered(snapshot: 5)
    #expect(recovered.featureLevel == .first)
    recovered.baseConfiguration = Configuration(featureLevel: FeatureLevel(rawValue: 3))
    #expect(recovered.featureLevel == FeatureLevel(rawValue: 3))
  }

  /// The entries between the two are gone with the newer snapshot.
  @Test func stateAtASnapshotFromBeforeTheLogIsBuiltAgain() {
    #expect(!Replica.isConsistent(applied: position(5), with: recovered(snapshot: 5)))
    #expect(Replica.isConsistent(applied: position(5), with: recovered(snapshot: 10)))
    let replica = replica(snapshot: 5, applied: 0)
    #expect(replica.status.quarantine != nil)
  }

  @Test func snapshotBeyondTheLogReplacesIt() {
    var replica = replica(snapshot: 20, applied: 11)
    var restarts: [LogPosition] = []
    var installs: [LogPosition] = []
    for effect in replica.takeEffects() {
      switch effect {
      case .persist(let batch): if let restart = batch.restart { restarts.append(restart) }
      case .installSnapshot(let metadata): installs.append(metadata.position)
      default: break
      }
    }
    #expect(restarts == [position(20)])
    #expect(installs == [position(20)])
  }

  /// A snapshot at 15 was installed, and one at 20 received, when the crash came; that the log begins anew at
  /// 15 was not durable yet.
  @Test func stateBetweenTheLogAndASnapshotBeyondItIsReplaced() {
    #expect(Replica.isConsistent(applied: position(15), with: recovered(snapshot: 20)))
    #expect(!Replica.isConsistent(applied: position(15), with: recovered(snapshot: 10)))
    var replica = replica(snapshot: 20, applied: 15)
    #expect(
      replica.takeEffects().contains {
        if case .installSnapshot(let metadata) = $0 { return metadata.position == position(20) }
        return false
      })
    #expect(replica.status.commit == LogIndex(20))
  }

  @Test func noSnapshotIsTakenBelowTheNewestOne() {
    // The state machine was lost and goes through the log again. What the configuration was before the
    // snapshot is no longer known.
    var replica = Replica(
      id: MemberID(1), options: ReplicaOptions(snapshotBytes: 1),
      recovered: recovered(snapshot: 11), initial: Configuration(voters: members),
      applied: position(8), seed: 1)
    var snapshots: [LogIndex] = []
    var effects = replica.takeEffects()
    while !effects.isEmpty {
      for effect in effects {
        switch effect {
        case .readEntries(let read):
          let entry = Entry(position: position(read.from.rawValue), content: .termStart)
          replica.handle(.entriesRead(read, [entry]))
        case .apply(let entries): replica.handle(.applied(entries[entries.count - 1].position))
        case .takeSnapshot(let metadata): snapshots.append(metadata.position.index)
        default: break
        }
      }
      effects = replica.takeEffects()
    }
    #expect(replica.status.applied == position(11))
    #expect(snapshots.isEmpty)
  }

  @Test func messagesThatNoMemberCouldSendChangeNothing() {
    var replica = replica(snapshot: 10, applied: 11)
    _ = replica.takeEffects()
    let entry = Entry(
      position: LogPosition(index: LogIndex(13), term: Term(9)), content: .termStart)
    let bodies: [(Term, Message.Body)] = [
      (Term(1 << 40), .heartbeat(commit: .zero, round: 0)),
      (Term(2), .append(Append(previous: position(12), entries: [entry], commit: .zero))),
      (Term(2), .vote(last: LogPosition(index: LogIndex(99), term: Term(3)), transfer: true)),
    ]
    for (term, body) in bodies {
      replica.handle(
        .receive(Message(from: MemberID(2), to: MemberID(1), term: term, body: body)))
      #expect(replica.takeEffects().isEmpty)
      #expect(replica.status.term == Term(1))
    }
  }
}
