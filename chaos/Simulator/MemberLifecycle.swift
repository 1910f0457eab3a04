import Raft

/// How members start, stop and start again.
extension Simulation {
  static let dataDirectory = "/data"

  func start(_ member: SimulatedMember) {
    guard member.process == nil, !member.isGone else { return }
    member.incarnation += 1
    let isFirst = !member.isBootstrapped
    if !isFirst {
      coverage.count(.restarts)
      if !member.isFounder { coverage.count(.joinersRestarted) }
    }
    let fileSystem = member.disk.mount()
    armRecoveryCrash(member)
    do {
      run(try open(member, fileSystem, isFirst: isFirst), of: member)
      member.isBootstrapped = true
      shortenLife(of: member)
    } catch {
      failedToStart(member, error)
    }
  }

  /// From now on the member is what was opened.
  func run(_ process: MemberProcess, of member: SimulatedMember) {
    member.process = process
    openOffice(of: member, process)
    trace.note(
      now, "+", member.number, process.view.last.index.rawValue, process.term.rawValue,
      as: "m\(member.number) starts: term \(process.term), log \(process.view.base) to "
        + "\(process.view.last), applied \(process.nextApplied.previous)")
    if protocolTrace.isOn { protocolTrace.started(process.status, at: now) }
    let delay = member.disk.takeElapsed()
    process.isWakeScheduled = true
    scheduler.schedule(
      .wake(member: member.number, incarnation: member.incarnation), after: delay)
    scheduler.schedule(
      .tick(member: member.number, incarnation: member.incarnation),
      after: delay + random.draw(0...member.tickInterval))
  }

  private func shortenLife(of member: SimulatedMember) {
    guard member.shortLives > 0 else { return }
    member.shortLives -= 1
    scheduler.schedule(
      .crash(member: member.number, incarnation: member.incarnation, losesPower: random.coin()),
      after: random.drawScaled(pace.stretch(1_000...500_000)))
  }

  private func armRecoveryCrash(_ member: SimulatedMember) {
    guard !isCalm, member.isBootstrapped, random.happens(plan.crashInDiskWork / 4) else { return }
    if random.happens(200_000) {
      member.database.armCrash(after: random.drawScaled(1...30) - 1)
    } else {
      member.disk.armCrash(after: random.drawScaled(1...30) - 1)
    }
  }

  /// Opens the storage and makes a replica of what it holds. `machine` is the state machine of a process
  /// that opens its storage anew.
  func open(
    _ member: SimulatedMember, _ fileSystem: any FileSystem, isFirst: Bool = false,
    machine: (any SimulatedMachine)? = nil
  ) throws -> MemberProcess {
    let directory = Self.dataDirectory
    let identityFile = IdentityFile(fileSystem: fileSystem, directory: directory)
    if isFirst {
      try fileSystem.createDirectory(directory)
      try fileSystem.synchronizeDirectory("/")
      try identityFile.save(
        Identity(
          member: member.id, cluster: seed,
          initialConfiguration: member.isFounder ? founding : nil))
    }
    guard let identity = try identityFile.load(), identity.member == member.id,
      (identity.initialConfiguration != nil) == member.isFounder
    else { throw RecoveryFailure(text: "the identity file is missing or another's") }
    let scars = member.damage.scars(on: member.disk)
    let isErased = options.sabotage == .losesLog && !isFirst
    let (log, found) = try LogStore.open(
      fileSystem: fileSystem, directory: directory + (isErased ? "/wal-\(now)" : "/wal"),
      options: LogStore.Options(
        member: member.id, segmentSize: plan.segmentSize, createsLog: isFirst || isErased,
        onDamage: .quarantine))
    var recovered = found
    if options.sabotage == .cutsDamage { recovered.quarantine = nil }
    let snapshots = try SnapshotStore(
      fileSystem: fileSystem, directory: directory + "/snapshots")
    recovered.snapshot = snapshots.newest
    try checkVersion(of: member, against: recovered)
    checkSnapshots(snapshots.damage, of: member, scars)
    if !isFirst { checkPromise(of: member, against: recovered, scars) }
    if options.sabotage == .forgetsHardState {
      recovered.hardState = HardState(term: recovered.terms.last.term)
    }
    let view = try readBack(log, member: member)
    let promised = member.promise.positions
    member.promise.reset(
      hardState: found.hardState, log: view, isWhole: found.quarantine == nil)
    let (machine, applied) = try survivingMachine(
      machine, of: member, recovered, setAside: snapshots.damage, isFirst: isFirst)
    let loss = recovered.quarantine
    if options.sabotage == .ignoresQuarantine { recovered.quarantine = nil }
    let replica = Replica(
      id: member.id, options: replicaOptions(of: member), recovered: recovered,
      initial: identity.initialConfiguration ?? Configuration(), applied: applied,
      seed: random.next())
    noteQuarantine(
      loss ?? replica.status.quarantine, of: member, promised: promised,
      lacksSnapshot: !recovered.reachesBase)
    return MemberProcess(
      replica: replica, fileSystem: fileSystem, log: log, snapshots: snapshots, machine: machine,
      applied: applied,
      view: view, term: recovered.hardState.term)
  }

  /// Reads all entries back, so that they are compared with what others hold.
  private func readBack(_ log: LogStore, member: SimulatedMember) throws -> LogView {
    var view = LogView(base: log.terms.base)
    while view.last.index < log.terms.lastIndex {
      let entries = try log.entries(
        from: view.last.index.next, through: log.terms.lastIndex, maxBytes: 1 << 20)
      for entry in entries {
        checker.holds(entry, after: view.last.term, member: member.number, at: now)
        do throws(LogView.Misfit) {
          _ = try view.adopt(PersistBatch(sequence: 0, entries: [entry]))
        } catch {
          throw RecoveryFailure(text: error.text)
        }
      }
    }
    return view
  }

  private func survivingMachine(
    _ kept: (any SimulatedMachine)?, of member: SimulatedMember, _ recovered: RecoveredLog,
    setAside: [StorageError], isFirst: Bool
  ) throws -> (any SimulatedMachine, applied: LogPosition) {
    var opened: (any SimulatedMachine)? = try kept ?? openMachine(of: member)
    if let applied = try opened?.applied, kept != nil || member.database.survives,
      !Replica.isConsistent(applied: applied, with: recovered)
    {
      // It never applies what is not durable, so a state that outlived the process fits its log. What is
      // damaged here the log notices by itself; or the state is of a leader's snapshot that was damaged
      // before the log was begun anew after it.
      let isOfLostSnapshot = setAside.contains { $0.isDamage(toSnapshot: applied) }
      guard isOfLostSnapshot || member.damage.mayLackEntries && !recovered.provesLoss(applied)
      else {
        throw RecoveryFailure(
          text: "the database stands at \(applied), which the log from "
            + "\(recovered.terms.base) to \(recovered.terms.last) does not hold")
      }
      // A running process has it open.
      if kept != nil { throw StateAheadOfLog() }
      coverage.count(.databasesErased)
      // Its files are closed before they go.
      opened = nil
      member.database.erase()
    }
    let machine = try opened ?? openMachine(of: member)
    let applied = try machine.applied
    let survives = kept != nil || member.database.survives
    if !survives, !isFirst { coverage.count(.databasesLost) }
    if survives, applied.index < recovered.terms.lastIndex { coverage.count(.databasesBehind) }
    return (machine, applied)
  }

  private func openMachine(of member: SimulatedMember) throws -> any SimulatedMachine {
    let machine = try member.database.open()
    checker.applied(try machine.mark, member: member.number, at: now)
    return machine
  }

  /// The log has lost what the state machine of the running process had applied.
  struct StateAheadOfLog: Error {}

  private struct RecoveryFailure: Error, CustomStringConvertible {
    var text: String
    var description: String { text }
  }

  private func failedToStart(_ member: SimulatedMember, _ error: any Error) {
    if let finding = error as? Finding { return report(finding) }
    if error is NewerVersionNeeded {
      trace.note(now, "v", member.number, as: "m\(member.number) can't start: \(error)")
      startIsRefused(to: member)
      member.incarnation += 1
      return end(member, losesPower: false)
    }
    let isDisksFault =
      member.disk.isFrozen || member.database.isStopped || Self.isDiskFailure(error)
    trace.note(now, "!", member.number, as: "m\(member.number) can't start: \(error)")
    guard isDisksFault else {
      return report(.recovery, "member \(member.number) can't start: \(error)")
    }
    coverage.count(.crashesInRecovery)
    member.incarnation += 1
    end(member, losesPower: member.disk.isFrozen && random.coin())
  }

  /// Whether storage failed because an operation of the disk did.
  static func isDiskFailure(_ error: any Error) -> Bool {
    switch error {
    case StorageError.file(let cause), StorageError.poisoned(let cause): isDiskFailure(cause)
    case let cause as FileError: cause.errno == 5 || cause.isNoSpace
    default: false
    }
  }

  // MARK: The end

  func crash(_ member: SimulatedMember, losesPower: Bool) {
    guard member.process != nil else { return }
    coverage.count(losesPower ? .powerLosses : .processCrashes)
    trace.note(
      now, "-", member.number, losesPower ? 1 : 0,
      as: "m\(member.number) \(losesPower ? "loses power" : "is killed")")
    member.process = nil
    member.incarnation += 1
    disconnectClients(of: member)
    end(member, losesPower: losesPower)
  }

  private func end(_ member: SimulatedMember, losesPower: Bool) {
    if losesPower {
      let damage = member.disk.losePower()
      coverage.count(.tornFiles, damage.tornFiles)
      coverage.count(.tornSectors, damage.sectorsTorn)
      coverage.count(.namesLost, damage.namesLost)
      member.database.losePower()
    } else {
      member.disk.loseProcess()
      member.database.loseProcess(&random)
    }
    member.pausedUntil = 0
    member.time.processEnded(at: now)
    guard !member.isGone else { return }
    let delay = random.draw(isCalm ? pace.stretch(10_000...100_000) : plan.downTime)
    scheduler.schedule(.start(member: member.number), after: delay)
  }
}

extension StorageError {
  fileprivate func isDamage(toSnapshot position: LogPosition) -> Bool {
    guard case .damaged(let path, _, _) = self else { return false }
    return path.hasSuffix("/snapshot-\(position.index)-\(position.term).snap")
  }
}
