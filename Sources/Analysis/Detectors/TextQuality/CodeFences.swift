/// Fenced code in Markdown (CommonMark 0.31, §4.5).
enum CodeFences {
  /// The line, counted from 1, of a fence that is never closed; nil if there is none.
  static func unclosedLine(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
    var open: (length: Int, line: Int)?
    var (start, line) = (0, 0)
    while start < text.count {
      line += 1
      var end = start
      while end < text.count, text[end] != 0x0A { end += 1 }
      defer { start = end + 1 }
      var first = start
      while first < end, text[first] == 0x20 || text[first] == 0x09 { first += 1 }
      var after = first
      while after < end, text[after] == UInt8(ascii: "`") { after += 1 }
      guard after - first >= 3 else { continue }
      let rest = UnsafeBufferPointer(rebasing: text[after..<end])
      if let fence = open {
        // What closes a fence is at least as long, and has nothing behind it.
        if after - first >= fence.length, rest.allSatisfy(\.isSpace) { open = nil }
      } else if !rest.contains(UInt8(ascii: "`")) {
        open = (after - first, line)
      }
    }
    return open?.line
  }
}
