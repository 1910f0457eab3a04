/// What happens to a member. Whoever runs a `Replica` turns ticks, messages and completions into these.
public enum Event: Sendable {
  /// A fixed span of time has passed.
  case tick
  /// A peer's message arrived.
  case receive(Message)
  /// All batches up to this sequence number are durable.
  case persisted(UInt64)
  /// Entries that `Effect.readEntries` asked for, from the first wanted on; empty when they could not
  /// be read because the log has since been cut or compacted.
  case entriesRead(EntryRead, [Entry])
  /// The state machine has applied what it was given last, up to here.
  case applied(LogPosition)
  /// A client's command.
  case propose(ProposalID, payload: [UInt8])
  /// A client wants to read what is committed now or later.
  case read(ReadID)
  /// Somebody wants a snapshot now, before one is due: to compact the log before a member joins, say. Nothing
  /// comes of it while one is being taken, or when the newest holds all that was applied.
  case takeSnapshot
  /// The snapshot that was asked for is durable.
  case snapshotTaken(SnapshotMetadata)
  /// The snapshot that was asked for could not be taken; it is tried again later.
  case snapshotFailed
  /// A snapshot turned out damaged when it was read, and is gone: another is taken at once.
  case snapshotDamaged(LogPosition)
  /// A piece of a snapshot was read; nil when the snapshot is gone.
  case snapshotRead(SnapshotRead, SnapshotChunk?)
  /// A piece of the leader's snapshot was stored; it goes on at `received`.
  case snapshotStored(SnapshotMetadata, from: MemberID, received: UInt64)
  /// The leader's whole snapshot is verified and durable.
  case snapshotReceived(SnapshotMetadata)
  /// The state machine has replaced its state by a snapshot.
  case snapshotInstalled(LogPosition)
  /// Hand leadership over, to this member or to the one with the longest log. Without effect on a member that
  /// doesn't lead: so whoever goes out of service may say it again and again. What came of it is in the
  /// status.
  case transferLeadership(to: MemberID?)
  /// Forget who leads, knowing that it is gone. Refused while leases are in use.
  case forgetLeader
  /// Campaign without waiting for the election time-out, if this member may lead and does not. Others
  /// refuse while they hear a leader, and where leases are in use it refuses itself: to change who
  /// leads, hand leadership over.
  case campaign
  /// What was sent to this peer lately may never arrive: its connection is lost.
  case unreachable(MemberID)
  /// An operator wants to change who takes part.
  case changeMembership(ProposalID, MembershipChange)
  /// The log can't be written any more: what the disk holds is unknown. The replica hands leadership
  /// over and takes part in nothing from now on. Open the storage again and make a new replica.
  case storageFailed
}

/// What a `Replica` wants done. Effects of one kind must be carried out in order; between kinds the
/// order doesn't matter, except that `apply`, `takeSnapshot` and `installSnapshot` go to the state
/// machine in the order given.
public enum Effect: Sendable {
  /// Give it to the network; it may be lost.
  case send(Message)
  /// Make durable, then report `Event.persisted`.
  case persist(PersistBatch)
  /// Read from the log, then report `Event.entriesRead`.
  case readEntries(EntryRead)
  /// Apply to the state machine, then report `Event.applied` with the last one's position.
  case apply([Entry])
  /// The state machine now stands where the metadata says: capture it, store it durably, then report
  /// `Event.snapshotTaken`. Applying may go on meanwhile.
  case takeSnapshot(SnapshotMetadata)
  /// Entries up to here are no longer needed.
  case compactLog(through: LogIndex)
  /// Read a piece of a snapshot file, then report `Event.snapshotRead`.
  case readSnapshot(SnapshotRead)
  /// Store a piece of the leader's snapshot, then report `Event.snapshotStored`, or, when it was the
  /// last and the whole is verified and durable, `Event.snapshotReceived`.
  case storeSnapshot(SnapshotChunk, from: MemberID)
  /// Replace the state machine's state by this stored snapshot, then report `snapshotInstalled`.
  case installSnapshot(SnapshotMetadata)
  /// A proposal of this member will get no answer from the state machine, or not for certain.
  case failProposal(ProposalID, ProposalFailure)
  /// The state machine may be read now (nil: certainly up to date), or why not.
  case answerRead(ReadID, ReadFailure?)
  /// What became of a change of membership that was asked for here.
  case answerChange(ProposalID, MembershipAnswer)
}

/// What became of a wish to change the membership.
public enum MembershipAnswer: Hashable, Sendable {
  /// It is decided. If it goes through a joint configuration, that is left by itself.
  case decided
  /// It is certainly not carried out, however often the network delivers it.
  case refused(MembershipRefusal)
  /// It may or may not be carried out: the leader changed or did not answer. The configuration tells.
  /// Asking again does no harm: what was right for another membership than the asked member knows is
  /// refused.
  case unknown
}

/// Why a proposal has no result.
public enum ProposalFailure: Hashable, Sendable {
  /// It is certainly not in the log, unless the network has brought it to the leader twice: each copy is
  /// taken or refused for itself.
  case refused(ProposalRefusal)
  /// It may or may not take effect: the leader changed or did not answer.
  case unknown
}

/// Why a linearizable read can't be served.
public enum ReadFailure: Hashable, Sendable {
  /// No leader confirmed what is committed.
  case noLeader
  /// A leader did, but this member's state machine has not come that far in time.
  case stateBehind
}
