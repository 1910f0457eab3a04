/// How far a state has come. Two members at the same index have the same position.
public struct StatePosition: Hashable, Sendable {
  /// The index of the last log entry applied; 0 before the first.
  public var index: UInt64
  /// The term of that entry.
  public var term: UInt64
  /// The largest stamp of any command applied: the only time the state machine knows.
  public var clock: Timestamp
  /// The chained digest of everything applied, 32 bytes; SHA-256 from entry to entry.
  public var digest: [UInt8]
}
