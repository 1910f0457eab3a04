/// Why storage can't do what it was asked.
public enum StorageError: Error, Hashable, CustomStringConvertible {
  /// The operating system refused an operation.
  case file(FileError)
  /// Bytes that were once durable are not what was written. Nothing was changed on disk. `reason` tells
  /// what to do if the member can't come back as itself.
  case damaged(file: String, offset: Int, reason: String)
  /// An earlier write or synchronization failed, so it is unknown what is on disk.
  case poisoned(by: FileError)
  /// The data is written in a format that this program doesn't know.
  case unknownVersion(file: String, version: UInt32)
  /// A record is whole and in its place, but this program doesn't know what it says.
  case unknownRecord(file: String, offset: Int, reason: String)
  /// A directory that must hold a log holds none.
  case logMissing(directory: String)
  /// Entries that were asked for are not in the log.
  case notStored(from: LogIndex, through: LogIndex, base: LogIndex, last: LogIndex)
  /// There is no such snapshot.
  case snapshotMissing(LogPosition)
  /// A received snapshot is not what its sender has; it was thrown away.
  case snapshotRejected(LogPosition, reason: String)
  /// Another process uses the directory.
  case locked(directory: String, process: Int32?)

  /// What is wrong, and what to do about it.
  public var description: String {
    switch self {
    case .file(let error):
      error.isNoSpace
        ? "\(error). The disk is full: free space, and this member goes on by itself; if its process has "
          + "ended, once that is started again."
        : "\(error)"
    case .damaged(let file, let offset, let reason):
      "\(file) is damaged at byte \(offset): \(reason). Nothing was changed."
    case .poisoned(let cause):
      "Storage stopped after an error that leaves the disk's content unknown: \(cause). "
        + "Opened again, in this process or another, it finds out by itself what the disk holds, and goes on."
    case .unknownVersion(let file, let version):
      "\(file) has format version \(version), which this program doesn't know. "
        + "Start it with the newer program that wrote it."
    case .unknownRecord(let file, let offset, let reason):
      "\(file) has a record at byte \(offset) that is whole, but says what this program doesn't know "
        + "(\(reason)). Start it with the newer program that wrote it."
    case .logMissing(let directory):
      "\(directory) holds no log although this member was started before. Starting with an empty "
        + "one could vote twice. \(Self.advice)"
    case .notStored(let from, let through, let base, let last):
      "Entries \(from) to \(through) were asked for; the log holds \(base.next) to \(last)."
    case .snapshotMissing(let position):
      "There is no snapshot \(position)."
    case .snapshotRejected(let position, let reason):
      "The received snapshot \(position) was thrown away: \(reason). It will be sent anew."
    case .locked(let directory, let process):
      "\(directory) is in use by "
        + (process.map { "process \($0)" } ?? "another process")
        + ". Stop that process, or use another data directory."
    }
  }

  /// What is damaged, if that is what is wrong.
  public var damage: Quarantine? {
    guard case .damaged(let file, let offset, let reason) = self else { return nil }
    return Quarantine(file: file, offset: offset, reason: reason)
  }

  /// Damage as an error.
  public static func damaged(_ damage: Quarantine) -> StorageError {
    .damaged(file: damage.file, offset: damage.offset, reason: damage.reason)
  }

  /// What to do when a member has lost what it must remember.
  public static let advice = """
    What the member must never forget is lost, so it must not come back as itself: check the disk, \
    and keep the directory for a look. The other members go on while they are a majority; a node \
    that takes this one's place can't be added by an operator in this version yet. Never put back an older copy of a data \
    directory: it has forgotten votes and acknowledgements.
    """
}
