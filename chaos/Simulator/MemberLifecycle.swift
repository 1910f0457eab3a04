import Raft

/// How members start, stop and start again.
extension Simulation {
  private static let dataDirectory = "/data"

  func start(_ member: SimulatedMember) {
    guard member.process == nil else { return }
    member.incarnation += 1
    let isFirst = !member.isBootstrapped
    if !isFirst { coverage.count(.restarts) }
    let fileSystem = member.disk.mount()
    armRecoveryCrash(member)
    do {
      let process = try open(member, fileSystem, isFirst: isFirst)
      member.isBootstrapped = true
      member.process = process
      trace.note(
        now, "+", member.number, process.view.last.index.rawValue, process.term.rawValue,
        as: "m\(member.number) starts: term \(process.term), log \(process.view.base) to "
          + "\(process.view.last), applied \(process.nextApplied.previous)")
      if protocolTrace.isOn { protocolTrace.started(process.replica.status, at: now) }
      let delay = member.disk.takeElapsed()
      process.isWakeScheduled = true
      scheduler.schedule(
        .wake(member: member.number, incarnation: member.incarnation), after: delay)
      scheduler.schedule(
        .tick(member: member.number, incarnation: member.incarnation),
        after: delay + random.draw(0...member.tickInterval))
      shortenLife(of: member)
    } catch {
      failedToStart(member, error)
    }
  }

  private func shortenLife(of member: SimulatedMember) {
    guard member.shortLives > 0 else { return }
    member.shortLives -= 1
    scheduler.schedule(
      .crash(member: member.number, incarnation: member.incarnation, losesPower: random.coin()),
      after: random.drawScaled(1_000...500_000))
  }

  private func armRecoveryCrash(_ member: SimulatedMember) {
    guard !isCalm, member.isBootstrapped, random.happens(plan.crashInDiskWork / 4) else { return }
    if random.happens(200_000) {
      member.database.armCrash(after: random.drawScaled(1...30) - 1)
    } else {
      member.disk.armCrash(after: random.drawScaled(1...30) - 1)
    }
  }

  private func open(
    _ member: SimulatedMember, _ fileSystem: any FileSystem, isFirst: Bool
  ) throws -> MemberProcess {
    let directory = Self.dataDirectory
    let identityFile = IdentityFile(fileSystem: fileSystem, directory: directory)
    if isFirst {
      try fileSystem.createDirectory(directory)
      try fileSystem.synchronizeDirectory("/")
      try identityFile.save(
        Identity(member: member.id, cluster: seed, initialConfiguration: configuration))
    }
    guard let identity = try identityFile.load(), identity.member == member.id,
      let initial = identity.initialConfiguration
    else { throw RecoveryFailure(text: "the identity file is missing or another's") }
    let isErased = options.sabotage == .losesLog && !isFirst
    let (log, found) = try LogStore.open(
      fileSystem: fileSystem, directory: directory + (isErased ? "/wal-\(now)" : "/wal"),
      options: LogStore.Options(
        member: member.id, segmentSize: plan.segmentSize, createsLog: isFirst || isErased))
    var recovered = found
    let snapshots = try SnapshotStore(
      fileSystem: fileSystem, directory: directory + "/snapshots")
    if let damage = snapshots.damage.first { throw RecoveryFailure(text: damage.description) }
    recovered.snapshot = snapshots.newest
    if !isFirst { checkPromise(of: member, against: recovered) }
    if options.sabotage == .forgetsHardState {
      recovered.hardState = HardState(term: recovered.terms.last.term)
    }
    let view = try readBack(log, member: member)
    member.promise.reset(hardState: found.hardState, log: view)
    let (machine, applied) = try survivingMachine(of: member, recovered, isFirst: isFirst)
    let replica = Replica(
      id: member.id, options: plan.replica, recovered: recovered, initial: initial,
      applied: applied, seed: random.next())
    return MemberProcess(
      replica: replica, log: log, snapshots: snapshots, machine: machine, applied: applied,
      view: view, term: recovered.hardState.term)
  }

  private func checkPromise(of member: SimulatedMember, against recovered: RecoveredLog) {
    if let breach = member.promise.breach(by: recovered) {
      report(.durability, "member \(member.number): \(breach)")
    }
    if !member.promise.isWhole(in: recovered) { coverage.count(.tailsCut) }
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
    of member: SimulatedMember, _ recovered: RecoveredLog, isFirst: Bool
  ) throws -> (any SimulatedMachine, applied: LogPosition) {
    let machine = try member.database.open()
    let survives = member.database.survives
    let state = try machine.mark
    checker.applied(state, member: member.number, at: now)
    if !survives, !isFirst { coverage.count(.databasesLost) }
    // It never applies what is not durable, so a state that outlived the process fits its log.
    guard !survives || Replica.isConsistent(applied: state.applied, with: recovered) else {
      throw RecoveryFailure(
        text: "the database stands at \(state.applied), which the log from "
          + "\(recovered.terms.base) to \(recovered.terms.last) does not hold")
    }
    if survives, state.applied.index < recovered.terms.lastIndex {
      coverage.count(.databasesBehind)
    }
    return (machine, state.applied)
  }

  private struct RecoveryFailure: Error, CustomStringConvertible {
    var text: String
    var description: String { text }
  }

  private func failedToStart(_ member: SimulatedMember, _ error: any Error) {
    if let finding = error as? Finding { return report(finding) }
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
    case StorageError.file(let cause), StorageError.poisoned(let cause): cause.errno == 5
    case let cause as FileError: cause.errno == 5
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
      coverage.count(.namesLost, damage.namesLost)
      member.database.losePower()
    } else {
      member.disk.loseProcess()
      member.database.loseProcess(&random)
    }
    member.pausedUntil = 0
    let delay = isCalm ? random.draw(10_000...100_000) : random.draw(plan.downTime)
    scheduler.schedule(.start(member: member.number), after: delay)
  }
}
