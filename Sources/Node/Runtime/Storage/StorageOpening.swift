import Logging
import Raft

/// Opens the log and the snapshots of a member, at its start and again when they had failed.
struct StorageOpening: Sendable {
  /// What the log and the snapshots hold.
  struct Found: Sendable {
    /// What a replica goes on from.
    var recovered: RecoveredLog
    /// Whether there is nobody else whom this member could heal from.
    var isAlone: Bool
  }

  let options: MemberOptions
  let member: MemberID
  /// The cluster's charter; nil on a member that belongs to none yet, and so has never voted.
  let charter: Charter?
  let logger: Logger

  private var fileSystem: any FileSystem & Sendable { options.fileSystem }
  private var logDirectory: String { options.dataDirectory + "/wal" }

  /// Opens the snapshots. Damaged ones are set aside.
  func openSnapshots() throws(StorageError) -> SnapshotStore {
    let snapshots = try SnapshotStore(
      fileSystem: fileSystem, directory: options.dataDirectory + "/snapshots")
    for damage in snapshots.damage { logger.error("A snapshot was set aside: \(damage)") }
    return snapshots
  }

  /// Opens the log. Damage is dropped, and the member quarantined, if there are others who may have what
  /// is lost; if not, or if the member's votes are lost too, nothing is changed and this throws.
  ///
  /// - Parameters:
  ///   - snapshot: the newest whole one.
  ///   - damage: what was wrong with others.
  func openLog(
    snapshot: SnapshotMetadata?, damage: [StorageError]
  ) throws(MemberError) -> (store: LogStore, found: Found) {
    var opened: (store: LogStore, recovered: RecoveredLog)
    do throws(StorageError) {
      opened = try open(.refuse)
    } catch {
      let loss = try loss(error, snapshot)
      do throws(StorageError) {
        opened = try open(.quarantine)
      } catch {
        throw .storage(error)
      }
      logger.error("The log has lost its end: \(loss)")
    }
    opened.recovered.snapshot = snapshot
    do throws(MemberError) {
      try checkLevel(of: opened.recovered)
    } catch {
      opened.store.close()
      throw error
    }
    var found = Found(
      recovered: opened.recovered, isAlone: isAlone(opened.recovered, snapshot))
    if let quarantine = found.recovered.quarantine, found.isAlone {
      opened.store.close()
      throw .nobodyToHealFrom(quarantine)
    }
    if !found.recovered.reachesBase {
      if found.isAlone {
        found.recovered.baseConfiguration = loneConfiguration(of: opened.recovered)
      } else if found.recovered.quarantine == nil {
        // The replica begins a quarantine with what it is told.
        found.recovered.quarantine = damage.last?.damage
      }
    }
    return (opened.store, found)
  }

  /// A state that has more than the log was opened with proves that this has lost its end. Then the member is
  /// quarantined; if nobody else has what is lost, this throws, and the state is to be left as it is.
  func admitLoss(
    provenBy applied: LogPosition, _ store: LogStore, _ found: inout Found
  ) throws(MemberError) {
    // Whose cluster does not exist yet has acknowledged nothing.
    guard charter != nil, let loss = store.loss(provenBy: applied, in: found.recovered) else {
      return
    }
    guard !found.isAlone else {
      store.close()
      throw .onlyStateHasAll(loss)
    }
    do throws(StorageError) {
      try store.beginQuarantine(loss)
    } catch {
      throw .storage(error)
    }
    found.recovered.quarantine = loss
    logger.error("The log has lost its end: \(loss)")
  }

  private func open(
    _ policy: LogStore.DamagePolicy
  ) throws(StorageError) -> (store: LogStore, recovered: RecoveredLog) {
    try LogStore.open(
      fileSystem: fileSystem, directory: logDirectory, options: logOptions(policy))
  }

  private func logOptions(_ policy: LogStore.DamagePolicy) -> LogStore.Options {
    LogStore.Options(
      member: member, segmentSize: options.limits.segmentBytes, createsLog: charter == nil,
      onDamage: policy)
  }

  /// What is lost, if it may be dropped; nothing was changed so far.
  private func loss(
    _ error: StorageError, _ snapshot: SnapshotMetadata?
  ) throws(MemberError) -> Quarantine {
    switch error {
    case .damaged, .logMissing: break
    default: throw .storage(error)
    }
    // Whose cluster does not exist yet has nobody to ask either.
    guard charter != nil else { throw .storage(error) }
    var left: RecoveredLog
    do throws(StorageError) {
      left = try LogStore.inspect(
        fileSystem: fileSystem, directory: logDirectory, options: logOptions(.quarantine))
    } catch {
      throw .storage(error)
    }
    left.snapshot = snapshot
    try checkLevel(of: left)
    // Damage that is no longer seen the second time is not what was written either way.
    guard let loss = left.quarantine else { throw .storage(error) }
    guard !isAlone(left, snapshot) else { throw .nobodyToHealFrom(loss) }
    return loss
  }

  /// A program that does not understand all that is there would have to stop as soon as it is to apply it.
  private func checkLevel(of log: RecoveredLog) throws(MemberError) {
    guard log.featureLevel <= options.supportedLevel else {
      throw .versionTooOld(
        options.version, supports: options.supportedLevel, needed: log.featureLevel)
    }
  }

  /// Whether nobody but this member votes, as far as its disk can tell: then nobody else can lead, and it
  /// heals from a leader only. One that was added to a cluster, and knows nothing of it yet, is not alone.
  private func isAlone(_ log: RecoveredLog, _ snapshot: SnapshotMetadata?) -> Bool {
    let logged = log.configurations.last { $0.index > snapshot?.position.index ?? .zero }
    let newest = logged?.configuration ?? snapshot?.configuration ?? charter?.configuration
    return newest?.isAlone(member) == true
  }

  /// The configuration in which nobody but this member votes, if that is sure though the snapshot is lost
  /// that the log joins on to: the log says so itself, or it has never been otherwise
  /// (`SnapshotThread.outgrowCharter`). Then nobody else can have decided on another.
  private func loneConfiguration(of log: RecoveredLog) -> Configuration? {
    let known = log.configurations.last?.configuration ?? charter?.configuration
    return known.flatMap { $0.isAlone(member) ? $0 : nil }
  }

  // MARK: Space

  /// Throws unless as much space can be had as a member needs to go on. Takes none.
  func findSpace() throws(FileError) {
    // Beside the snapshots, where temporary files are removed at each start.
    let path = options.dataDirectory + "/snapshots/space.tmp"
    defer { try? fileSystem.remove(path) }
    let file = try fileSystem.open(path, .create)
    defer { try? file.close() }
    try file.preallocate(options.storageRetries.spaceBytes)
  }
}
