import DequeModule

/// How many bytes the log's entries take, coarsely: enough to say how far back so many bytes reach.
struct LogSizes {
  /// `bytes` is the weight of all entries ever counted up to and including `through`. Both grow.
  private var marks = Deque<(through: LogIndex, bytes: Int)>()
  /// A log of 256 MiB has 65,536 marks, which take a megabyte.
  static let stride = 4 << 10

  /// - Parameter pieces: consecutive pieces of a log that is already there, each with its bytes.
  init(_ pieces: [(through: LogIndex, bytes: Int)] = []) {
    var total = 0
    for piece in pieces {
      total += piece.bytes
      marks.append((piece.through, total))
    }
  }

  mutating func append(_ entry: Entry) {
    let last = marks.last
    let bytes = (last?.bytes ?? 0) + entry.weight
    let before = marks.count > 1 ? marks[marks.count - 2].bytes : 0
    if marks.count > 1, bytes - before <= Self.stride { marks.removeLast() }
    marks.append((entry.index, bytes))
  }

  mutating func truncate(from index: LogIndex) {
    while let last = marks.last, last.through >= index {
      marks.removeLast()
      // What of this piece is left counts in full: more is assumed than there is, by one stride.
      if marks.last.map({ $0.through < index.previous }) ?? (index.previous > .zero) {
        marks.append((index.previous, last.bytes))
        return
      }
    }
  }

  mutating func compact(through index: LogIndex) {
    while marks.count > 1, let first = marks.first, first.through <= index { marks.removeFirst() }
  }

  /// The last entry that can go if at most `bytes` of those up to `end` are to stay; zero if all may.
  func lastBeyond(_ bytes: Int, before end: LogIndex) -> LogIndex {
    guard let total = marks.last(where: { $0.through <= end })?.bytes else { return .zero }
    return marks.last { total - $0.bytes >= bytes && $0.through <= end }?.through ?? .zero
  }
}
