/// What a disk was found to have lost. The member takes no part in elections until it holds again, from
/// its peers, all that it may have acknowledged.
public struct Quarantine: Hashable, Sendable, CustomStringConvertible {
  /// The damaged file.
  public var file: String
  /// Where in it, in bytes.
  public var offset: Int
  /// What is wrong there.
  public var reason: String
  /// Makes a description.
  public init(file: String, offset: Int, reason: String) {
    self.file = file
    self.offset = offset
    self.reason = reason
  }
  /// The file, the place and the reason.
  public var description: String { "\(file) is damaged at byte \(offset): \(reason)" }
}

/// What a batch does to the quarantine.
public enum QuarantineChange: Hashable, Sendable {
  /// Entries are lost: noted before anything else of the batch is written.
  case begins(Quarantine)
  /// All that was lost is there again: noted after all else of the batch is durable.
  case ends
}
