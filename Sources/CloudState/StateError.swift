/// Why the state could not be read, changed, saved or restored.
public enum StateError: Error, Hashable, Sendable {
  /// SQLite or the file system refused; the text says what and why. Nothing was changed.
  case storage(String)
  /// The disk is full; the text says what had no room. Nothing was changed, and it can be tried again.
  case diskFull(String)
  /// The file is damaged. Reopen the store without trusting it, and rebuild from snapshot and log.
  case damagedDatabase(String)
  /// The entry does not follow the last one applied: a bug of the caller. Nothing was changed.
  case outOfOrder(expected: UInt64, found: UInt64)
  /// The snapshot is not what was written. The state is as it was; fetch the snapshot again.
  case damagedSnapshot(String)
  /// The snapshot was written by another version of the program. The state is as it was.
  case unsupportedSnapshot(format: UInt32, schema: UInt32)
  /// The snapshot was closed before.
  case snapshotClosed
}

extension StateError: CustomStringConvertible {
  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .storage(let reason):
      "the state could not be stored or read: \(reason)"
    case .diskFull(let reason):
      "the disk is full: \(reason)"
    case .damagedDatabase(let reason):
      "the state's file is damaged (\(reason)); it must be rebuilt from snapshot and log"
    case .outOfOrder(let expected, let found):
      "entry \(found) was to be applied, but \(expected) is next"
    case .damagedSnapshot(let reason):
      "the snapshot is damaged (\(reason)); fetch it again from another member"
    case .unsupportedSnapshot(let format, let schema):
      "the snapshot has format \(format) and schema \(schema), which this version cannot read; "
        + "use the version that wrote it, or a later one"
    case .snapshotClosed:
      "the snapshot is closed; take a new one"
    }
  }
}

extension StateError {
  /// What an error of this module's insides means to its callers; other errors stay as they are.
  static func translating<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as SQLiteError {
      if error.isDamage { throw damagedDatabase(error.description) }
      throw error.isDiskFull ? diskFull(error.description) : storage(error.description)
    }
  }
}
