/// The values of a column that have spaces around them.
struct SpacedValues {
  private(set) var levels: Set<Int> = []
  /// Whether nearly all cells have them: then it is how the column is written.
  private(set) var isCustomary = false

  init(_ column: Column, _ all: ColumnLevels) {
    var (spaced, present) = (0, 0)
    for level in all.counts.indices.dropFirst() where all.counts[level] > 0 {
      present += all.counts[level]
      let bytes = column.bytes(Int(all.firstRow[level]))
      guard let first = bytes.first, let last = bytes.last else { continue }
      // A no-break space is C2 A0.
      guard
        [0x20, 0x09, 0x0A, 0x0D, 0xC2].contains(first)
          || [0x20, 0x09, 0x0A, 0x0D, 0xA0].contains(last),
        String(decoding: bytes, as: UTF8.self).trimmed.utf8.count < bytes.count
      else { continue }
      spaced += all.counts[level]
      levels.insert(level)
    }
    isCustomary = spaced * 20 >= present * 19
  }
}
