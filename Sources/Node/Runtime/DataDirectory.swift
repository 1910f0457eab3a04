import Foundation
import Logging
import Raft

/// Everything that a member keeps on disk, opened.
///
///     lock        held while the process uses the directory
///     identity    who the member is and which cluster it belongs to
///     wal/        the log
///     snapshots/
///     state/      the state machine's; a cache of snapshot and log
///
/// What makes a crash at any point safe is the order in which it all comes to be: first the identity
/// without a cluster, then the log, then the cluster's charter in the identity. A member without a
/// charter has never voted, so its log may be made anew; a member with one must have its log.
struct DataDirectory: Sendable {
  let path: String
  let lock: Handover<DirectoryLock>
  let identity: Identity
  let log: Handover<LogStore>
  let snapshots: Handover<SnapshotStore>
  let recovered: RecoveredLog
  let stateMachine: any StateMachine
  let applied: LogPosition

  var stateDirectory: String { Self.stateDirectory(path) }
  private static func stateDirectory(_ path: String) -> String { path + "/state" }

  /// Opens the directory, which is made if it does not exist.
  init(
    _ options: MemberOptions, logger: Logger,
    stateMachine make: (ClusterMember.StateMachineStart) throws -> any StateMachine
  ) throws(MemberError) {
    path = options.dataDirectory
    try Self.create(path)
    let fileSystem = options.fileSystem
    do throws(StorageError) {
      lock = Handover(try DirectoryLock(directory: path))
    } catch {
      if case .file(let cause) = error {
        throw .unusableDirectory(path: path, reason: "\(cause)")
      }
      throw .storage(error)
    }
    identity = try Self.identity(in: path, fileSystem)
    do throws(StorageError) {
      let (log, recoveredLog) = try LogStore.open(
        fileSystem: fileSystem, directory: path + "/wal",
        options: LogStore.Options(
          member: identity.member, segmentSize: options.limits.segmentBytes,
          createsLog: identity.cluster == nil))
      let snapshots = try SnapshotStore(fileSystem: fileSystem, directory: path + "/snapshots")
      for damage in snapshots.damage { logger.error("A snapshot was set aside: \(damage)") }
      var recovered = recoveredLog
      recovered.snapshot = snapshots.newest
      self.recovered = recovered
      self.log = Handover(log)
      self.snapshots = Handover(snapshots)
    } catch {
      throw .storage(error)
    }
    (stateMachine, applied) = try Self.openStateMachine(path, recovered, logger, make)
  }

  // MARK: The directory

  private static func create(_ path: String) throws(MemberError) {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
    } catch {
      var isDirectory: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
      let reason =
        exists && !isDirectory.boolValue ? "it is a file" : reasonText(error)
      throw .unusableDirectory(path: path, reason: reason)
    }
    guard access(path, R_OK | W_OK | X_OK) == 0 else {
      throw .unusableDirectory(path: path, reason: String(cString: strerror(errno)))
    }
  }

  private static func reasonText(_ error: any Error) -> String {
    let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    return (cause ?? error as NSError).localizedDescription
  }

  /// Who the member is; drawn at the first start.
  private static func identity(
    in directory: String, _ fileSystem: any FileSystem
  ) throws(MemberError) -> Identity {
    let file = IdentityFile(fileSystem: fileSystem, directory: directory)
    do throws(StorageError) {
      if let identity = try file.load() { return identity }
    } catch {
      throw .storage(error)
    }
    let segments = (try? FileManager.default.contentsOfDirectory(atPath: directory + "/wal")) ?? []
    guard segments.isEmpty else { throw .identityMissing(directory: directory) }
    let identity = Identity(member: MemberID(.random(in: 1 ... .max)))
    do throws(StorageError) {
      try file.save(identity)
      return identity
    } catch {
      throw .storage(error)
    }
  }

  // MARK: The state machine

  private static func openStateMachine(
    _ path: String, _ recovered: RecoveredLog, _ logger: Logger,
    _ make: (ClusterMember.StateMachineStart) throws -> any StateMachine
  ) throws(MemberError) -> (any StateMachine, LogPosition) {
    let directory = stateDirectory(path)
    do {
      try PosixFileSystem().createDirectory(directory)
      if let kept = try keptStateMachine(directory, recovered, make) { return kept }
      logger.notice(
        "The state is built again from snapshot and log: what was kept does not fit them")
      let stateMachine = try make(.init(directory: directory, mustBeEmpty: true))
      let applied = try stateMachine.applied
      guard applied == .zero else {
        throw MemberError.stateMachine(reason: "it stands at \(applied) although it was emptied")
      }
      // What the log no longer holds must come from the snapshot.
      guard recovered.terms.base.index <= recovered.snapshot?.position.index ?? .zero else {
        throw MemberError.stateLost(directory: path)
      }
      return (stateMachine, applied)
    } catch let error as MemberError {
      throw error
    } catch {
      throw .stateMachine(reason: "\(error)")
    }
  }

  /// The state machine as it was left, if that belongs to the log.
  private static func keptStateMachine(
    _ directory: String, _ recovered: RecoveredLog,
    _ make: (ClusterMember.StateMachineStart) throws -> any StateMachine
  ) throws -> (any StateMachine, LogPosition)? {
    let stateMachine = try make(.init(directory: directory, mustBeEmpty: false))
    let applied = try stateMachine.applied
    let isComplete =
      applied.index >= recovered.terms.base.index
      || recovered.snapshot?.position.index ?? .zero >= recovered.terms.base.index
    guard isComplete, Replica.isConsistent(applied: applied, with: recovered) else { return nil }
    return (stateMachine, applied)
  }

  /// The bytes of the files in a directory, at the top level; 0 when it can't be read.
  static func size(of directory: String) -> UInt64 {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.reduce(0) { sum, name in
      var status = stat()
      guard stat(directory + "/" + name, &status) == 0 else { return sum }
      return sum + UInt64(max(0, status.st_size))
    }
  }
}
