/// Snapshots that are being sent, kept open between their pieces: so a transfer can end although newer
/// snapshots have taken that one's place.
///
/// Bounded: at most `limit` are open. One that is deleted already, and was not read from between two
/// snapshots being published, is let go of, and with it the space that it takes.
struct SnapshotReaders {
  static let limit = 4

  private struct Open {
    var position: LogPosition
    var reader: SnapshotReader
    var isInUse = true
  }

  /// The least recently used first.
  private var open: [Open] = []

  /// The reader of a snapshot, if it is open.
  mutating func use(_ position: LogPosition) -> SnapshotReader? {
    guard let i = open.firstIndex(where: { $0.position == position }) else { return nil }
    var found = open.remove(at: i)
    found.isInUse = true
    open.append(found)
    return found.reader
  }

  mutating func add(_ reader: SnapshotReader) {
    open.append(Open(position: reader.metadata.position, reader: reader))
    if open.count > Self.limit { open.removeFirst() }
  }

  mutating func remove(_ position: LogPosition) { open.removeAll { $0.position == position } }

  /// A snapshot was published; those at `kept` are the ones there are now.
  mutating func published(keeping kept: [LogPosition]) {
    open.removeAll { !$0.isInUse && !kept.contains($0.position) }
    for i in open.indices { open[i].isInUse = false }
  }
}
