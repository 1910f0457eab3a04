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
///     state-distrusted    there when that is to be built again
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
  let found: StorageOpening.Found
  let stateMachine: any StateMachine
  let applied: LogPosition
  /// How the state machine was opened, and is again if it must.
  let stateOpening: StateOpening

  /// Opens the directory, which is made if it does not exist.
  init(
    _ options: MemberOptions, logger: Logger,
    stateMachine make:
      @escaping @Sendable (ClusterMember.StateMachineStart) throws
      -> any StateMachine
  ) throws(MemberError) {
    path = options.dataDirectory
    try Self.create(path, options.fileSystem)
    do throws(StorageError) {
      lock = Handover(try DirectoryLock(directory: path))
    } catch {
      if case .file(let cause) = error {
        throw .unusableDirectory(path: path, reason: "\(cause)")
      }
      throw .storage(error)
    }
    identity = try Self.identity(in: path, options.fileSystem)
    let opening = StorageOpening(
      options: options, member: identity.member, charter: Charter(identity), logger: logger)
    let snapshots: SnapshotStore
    do throws(StorageError) {
      snapshots = try opening.openSnapshots()
    } catch {
      throw .storage(error)
    }
    let opened = try opening.openLog(snapshot: snapshots.newest, damage: snapshots.damage)
    var found = opened.found
    stateOpening = StateOpening(
      directory: path + "/state", trust: StateTrust(dataDirectory: path, logger: logger),
      logger: logger, make: make)
    (stateMachine, applied) = try stateOpening.open(&found) { applied, found throws(MemberError) in
      try opening.admitLoss(provenBy: applied, opened.store, &found)
    }
    self.found = found
    log = Handover(opened.store)
    self.snapshots = Handover(snapshots)
  }

  // MARK: The directory

  /// Makes the directory and those above it, durably: with its name all that was promised would be gone.
  private static func create(
    _ path: String, _ fileSystem: any FileSystem
  ) throws(MemberError) {
    let parents = parentsOfMissing(path)
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
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
    do throws(FileError) {
      for parent in parents { try fileSystem.synchronizeDirectory(parent) }
    } catch {
      throw .unusableDirectory(path: path, reason: "\(error)")
    }
  }

  /// The directories that will have a new name in them when this one is made.
  private static func parentsOfMissing(_ path: String) -> [String] {
    var parents: [String] = []
    var missing = URL(fileURLWithPath: path).standardizedFileURL.path
    while missing != "/", !FileManager.default.fileExists(atPath: missing) {
      missing = (missing as NSString).deletingLastPathComponent
      parents.append(missing)
    }
    return parents
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

  // MARK: Sizes

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
