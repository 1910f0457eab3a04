/// What the log replicates. Called by one thread at a time; blocking is allowed.
///
/// The same entries must lead to the same state and results on every member: no clock, no randomness,
/// no environment. What depends on the feature level goes by the last configuration that was applied,
/// whose level the state holds.
public protocol StateMachine: AnyObject, Sendable {
  /// The last entry applied; survives a restart of the process if the state does.
  var applied: LogPosition { get throws }

  /// Applies committed entries in order, all or none of them.
  ///
  /// - Returns: a result for each entry, in order; empty for entries that carry no command.
  /// - Throws: `FileError` with `isNoSpace` when the disk is full: the entries will come again, when there is
  ///   space. Any other error means that the state can't be relied on any more.
  func apply(_ entries: [Entry]) throws -> [[UInt8]]

  /// Pins the state as it is now, quickly, so that it can be written while applying goes on.
  func capture() throws -> any StateCapture

  /// Replaces the state, all or nothing, by what another member's `StateCapture.write` gave. `next`
  /// yields the bytes piece by piece, nil at the end. Afterwards `applied` is `position`.
  func restore(at position: LogPosition, from next: () throws -> [UInt8]?) throws
}

/// A state pinned by `StateMachine.capture`. Written on another thread while the state moves on.
public protocol StateCapture: Sendable {
  /// Gives the whole state, piece by piece.
  func write(to sink: (UnsafeRawBufferPointer) throws -> Void) throws
}
