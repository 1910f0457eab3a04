import Synchronization

/// The hashes of the snapshots that were taken in a run: members with equal states write equal rows.
final class SnapshotContents: Sendable {
  private let known = Mutex<[UInt64: [UInt8]]>([:])

  /// A member's state at `index` has these rows.
  ///
  /// - Throws: `Finding`, if another member's rows were different there.
  func check(_ hash: [UInt8], at index: UInt64) throws {
    let expected = known.withLock { known in
      if let expected = known[index] { return expected }
      known[index] = hash
      return hash
    }
    guard expected == hash else {
      throw Finding(
        property: .stateMachineSafety,
        details: "two members' tables at \(index) have equal digests and different rows")
    }
  }
}
