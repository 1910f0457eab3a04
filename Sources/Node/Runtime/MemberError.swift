public import Raft

/// Why a member can't start or go on.
public enum MemberError: Error, CustomStringConvertible {
  /// An option can't be followed.
  case invalidOption(name: String, reason: String)
  /// The data directory can't be made or used.
  case unusableDirectory(path: String, reason: String)
  /// The directory holds a log but not the identity of the member whose log it is.
  case identityMissing(directory: String)
  /// The log begins after what the state machine has, and no whole snapshot reaches that far; or nothing else
  /// tells who votes.
  case stateLost(directory: String)
  /// The disk, or what it holds, is at fault; also another process that uses the directory.
  case storage(StorageError)
  /// What this member has lost is nowhere else: it is the only one of its cluster.
  case nobodyToHealFrom(Quarantine)
  /// The log has lost what the state has, and nobody else has it: this member is the only one of its
  /// cluster.
  case onlyStateHasAll(Quarantine)
  /// The cluster has been raised to a feature level that this version of the program does not support.
  case versionTooOld(String, supports: FeatureLevel, needed: FeatureLevel)
  /// Opening the storage again has failed too often.
  case diskFails(FileError, attempts: Int)
  /// The state machine can't be opened, or failed to do what every member must.
  case stateMachine(reason: String)
  /// Peers can't be listened for.
  case cannotListen(host: String, port: Int, reason: String)

  /// What is wrong, and what to do about it.
  public var description: String {
    switch self {
    case .invalidOption(let name, let reason): "The option \(name) can't be followed: \(reason)."
    case .unusableDirectory(let path, let reason):
      "The data directory \(path) can't be used: \(reason). Make it a directory that this user may "
        + "write to, or choose another."
    case .identityMissing(let directory):
      "\(directory) holds a log but no file 'identity', which says whose log it is. "
        + StorageError.advice
    case .stateLost(let directory):
      "No whole snapshot reaches to where the log begins. Without it the state in \(directory) does not reach "
        + "that far either, or it is not known whether others vote by now. Nothing was cut. "
        + StorageError.advice
    case .storage(let error): error.description
    case .nobodyToHealFrom(let loss):
      "\(loss). Nothing was changed. This member is the only one of its cluster that votes, so what is lost "
        + "there can be had from nobody. Check the disk, and keep the directory: what stands before that place is whole. "
        + "To begin anew, with none of the data, start with another data directory."
    case .onlyStateHasAll(let loss):
      "\(loss). The state was left as it is: it is the only thing that has what the log lacks, since this "
        + "member is the only one of its cluster that votes. Check the disk, and keep the directory. To begin "
        + "anew, with none of the data, start with another data directory."
    case .versionTooOld(let version, let supported, let needed):
      "This member's cluster is at feature level \(needed), and its program, version \(version), supports "
        + "levels up to \(supported) only. A level never falls. Start the member with a version that supports "
        + "level \(needed): it goes on from the data that are there."
    case .diskFails(let cause, let attempts):
      "The disk failed, and again at each of \(attempts) attempts to go on: \(cause). Nothing was "
        + "acknowledged that it did not take. Check the disk. Once it is restarted, this member finds out by "
        + "itself what the disk holds, and goes on."
    case .stateMachine(let reason):
      "The state machine stopped: \(reason). Restart this member: its state is built again from "
        + "snapshot and log where needed."
    case .cannotListen(let host, let port, let reason):
      "Peers can't be listened for on \(host):\(port): \(reason). Stop what uses the address, or "
        + "choose another."
    }
  }
}
