/// Fenced code in Markdown (CommonMark 0.31, §4.5): between lines of backticks, or of tildes.
enum CodeFences {
  /// The line, counted from 1, of a fence that is never closed; nil if there is none.
  static func unclosedLine(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
    var open: (mark: UInt8, length: Int, line: Int)?
    var (start, line) = (0, 0)
    while start < text.count {
      line += 1
      var end = start
      while end < text.count, text[end] != 0x0A { end += 1 }
      defer { start = end + 1 }
      var first = start
      while first < end, text[first] == 0x20 || text[first] == 0x09 { first += 1 }
      var after = first
      guard first < end, [UInt8(ascii: "`"), UInt8(ascii: "~")].contains(text[first]) else {
        continue
      }
      let mark = text[first]
      while after < end, text[after] == mark { after += 1 }
      guard after - first >= 3 else { continue }
      let rest = UnsafeBufferPointer(rebasing: text[after..<end])
      if let fence = open {
        // What closes a fence is of the same marks, at least as long, and has nothing behind it.
        if mark == fence.mark, after - first >= fence.length, rest.allSatisfy(\.isSpace) {
          open = nil
        }
      } else if mark == UInt8(ascii: "~") || !rest.contains(mark) {
        open = (mark, after - first, line)
      }
    }
    return open?.line
  }
}
