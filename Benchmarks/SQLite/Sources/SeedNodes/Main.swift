import CloudState
import Foundation
import LargeState
import Measuring
import Raft

/// Gives the nodes of a cluster that is stopped a large state, as a snapshot that they have installed.
///
///     SeedNodes WORKSPACES STATE_FOLDER KEYS_FILE NODE_FOLDER…
///
/// The state is made in its folder unless it is there. Its place in the log is the one it has, so nodes that
/// have hardly begun theirs go on from there. API keys of up to 1,000 workspaces are written to a file.
@main
struct SeedNodes {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    guard arguments.count > 3, let workspaces = Int(arguments[1]) else { throw Usage() }
    try FileManager.default.createDirectory(
      atPath: arguments[2], withIntermediateDirectories: true)
    var state = try LargeState(workspaces: workspaces, folder: arguments[2])
    try state.fill()
    try state.keepHouse()
    for folder in arguments[4...] { try seed(folder, with: state.store) }
    // A prime with which no round number of workspaces has anything in common: each once, and far apart.
    let keys = (0..<min(workspaces, 1_000)).map { state.keyText($0 * 7_919 % workspaces, 0) }
    try Data((keys.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: arguments[3]))
  }

  private struct Usage: Error, CustomStringConvertible {
    var description: String { "SeedNodes WORKSPACES STATE_FOLDER KEYS_FILE NODE_FOLDER…" }
  }

  /// What a member does that receives a snapshot: publishes it, and begins its log anew behind it.
  private static func seed(_ folder: String, with store: StateStore) throws {
    let files = PosixFileSystem()
    guard let identity = try IdentityFile(fileSystem: files, directory: folder).load(),
      let configuration = identity.initialConfiguration
    else { throw StorageError.damaged(file: folder, offset: 0, reason: "no node has run there") }
    let (log, found) = try LogStore.open(
      fileSystem: files, directory: folder + "/wal",
      options: LogStore.Options(member: identity.member, createsLog: false))
    let applied = store.lastApplied
    let position = LogPosition(index: LogIndex(applied.index), term: Term(applied.term))
    let snapshots = try SnapshotStore(fileSystem: files, directory: folder + "/snapshots")
    let writer = try snapshots.beginWriting(
      SnapshotMetadata(
        position: position, configuration: found.configurations.last?.configuration ?? configuration
      ))
    _ = try store.snapshot().write { try writer.append(Array($0)) }
    try writer.finish()
    try log.append(PersistBatch(sequence: 1, restart: position))
    try log.synchronize()
    log.close()
  }
}
