/// What comes out of a replica.
extension Replica {
  /// The messages that are decided on since the last `takeEffects` and need not wait for the disk, in
  /// the order in which they will be sent. For those who watch.
  public var outbox: [Message] { consensus.output.messages }

  /// What must be done about all events since the last call.
  public mutating func takeEffects() -> [Effect] {
    guard !isHalted else {
      defer { effects = [] }
      return effects
    }
    if let batch = reads.takeBatch(now: now) { consensus.requestRead(batch: batch, by: id) }
    var output = consensus.takeOutput()
    for message in output.messages { effects.append(.send(message)) }
    persist(&output)
    effects += output.entryReads.map(Effect.readEntries)
    effects += output.snapshotReads.map(Effect.readSnapshot)
    for answer in output.readAnswers { finishReads(answer) }
    applyNext()
    for id in reads.takeReady(applied: applier.applied.index) {
      effects.append(.answerRead(id, nil))
    }
    defer { effects = [] }
    return effects
  }

  private mutating func persist(_ output: inout Consensus.Output) {
    if output.hardState != nil || output.restart != nil || output.endsQuarantine
      || consensus.log.hasUnwritten
    {
      issuedBatch += 1
      let entries = consensus.log.takeUnwritten(sequence: issuedBatch)
      effects.append(
        .persist(
          PersistBatch(
            sequence: issuedBatch, hardState: output.hardState, restart: output.restart,
            entries: entries, quarantine: output.endsQuarantine ? .ends : nil)))
    }
    for message in output.durableMessages { hold(message) }
    releaseHeld()
  }

  /// Has a message wait for all that the disk was given. Of two acknowledgements that wait for the same,
  /// one is enough: while the disk hangs, the leader asks again with each heartbeat.
  private mutating func hold(_ message: Message) {
    if let last = held.last, last.batch == issuedBatch, last.message.to == message.to,
      last.message.term == message.term,
      case .appendReply(.accepted(let former)) = last.message.body,
      case .appendReply(.accepted(let match)) = message.body
    {
      let reply = AppendReply.accepted(match: max(former, match))
      held[held.count - 1].message.body = .appendReply(reply)
    } else {
      held.append((issuedBatch, message))
    }
  }

  /// Lets go what waited for the disk. A member's messages to itself (its own vote) are heard here.
  mutating func releaseHeld() {
    while let first = held.first, first.batch <= durableBatch {
      held.removeFirst()
      if first.message.to == id {
        handle(.receive(first.message), at: consensus.now)
      } else {
        effects.append(.send(first.message))
      }
    }
  }

  private mutating func finishReads(_ answer: (batch: UInt64, index: LogIndex?)) {
    if let index = answer.index {
      reads.confirm(answer.batch, at: index)
    } else {
      for id in reads.fail(answer.batch) { effects.append(.answerRead(id, .noLeader)) }
    }
  }

  /// Keeps the state machine busy with what is committed and durable here. Applying nothing that
  /// isn't on this disk means that a restarted state machine is never ahead of its log.
  private mutating func applyNext() {
    guard applier.isIdle else { return }
    let position = applier.applied
    takeSnapshot(at: position)
    let end = consensus.lastUnderstood(through: min(consensus.commitIndex, consensus.log.durable))
    guard end > position.index else { return }
    let next = position.index.next
    if let entries = applier.takeRead(next: next, through: end, log: consensus.log)
      ?? consensus.log.cached(from: next, through: end, maxBytes: options.applyBytes)
    {
      for entry in entries {
        switch entry.content {
        case .command(_, let proposal?): _ = proposals.remove(proposal)
        case .configuration(_, let proposal?):
          if changes.remove(proposal) { effects.append(.answerChange(proposal, .decided)) }
        case .termStart, .command(_, nil), .configuration(_, nil): break
        }
      }
      applier.begin(entries)
      effects.append(.apply(entries))
    } else {
      applier.beginRead()
      effects.append(
        .readEntries(
          EntryRead(purpose: .apply, from: next, through: end, maxBytes: options.applyBytes)))
    }
  }

  private mutating func takeSnapshot(at position: LogPosition) {
    guard applier.wantsSnapshot(options), consensus.log.contains(position) else { return }
    let configuration = consensus.configurations.configuration(at: position.index)
    // Who joined learns the configuration from its log, soon: a snapshot from before would say that
    // nobody votes.
    guard !configuration.voters.isEmpty else { return }
    applier.beginSnapshot()
    effects.append(
      .takeSnapshot(SnapshotMetadata(position: position, configuration: configuration)))
  }
}
