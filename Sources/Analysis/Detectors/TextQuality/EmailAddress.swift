/// E-mail addresses as people have them; RFC 5322 allows more.
enum EmailAddress {
  private static func isLocal(_ byte: UInt8) -> Bool {
    byte.isASCIILetter || byte.isASCIIDigit || "._%+-".utf8.contains(byte)
  }

  /// The addresses in a text, with so much of each as may be repeated.
  static func find(in text: ScannedText) -> [(range: Range<Int>, masked: String)] {
    var found: [(range: Range<Int>, masked: String)] = []
    for at in text.bytes.indices where text[at] == UInt8(ascii: "@") {
      var start = at
      while start > 0, at - start <= 64, isLocal(text[start - 1]) { start -= 1 }
      while start < at, text[start] == UInt8(ascii: ".") || text[start] == UInt8(ascii: "-") {
        start += 1
      }
      guard start < at, text[at - 1] != UInt8(ascii: ".") else { continue }
      var end = at + 1
      while end < text.count, end - at <= 255,
        text[end].isASCIILetter || text[end].isASCIIDigit || text[end] == UInt8(ascii: "-")
          || text[end] == UInt8(ascii: ".")
      { end += 1 }
      while end > at + 1, text[end - 1] == UInt8(ascii: ".") || text[end - 1] == UInt8(ascii: "-") {
        end -= 1
      }
      let domain = text[(at + 1)..<end]
      let labels = domain.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      guard labels.count >= 2, labels.allSatisfy({ !$0.isEmpty }), let top = labels.last,
        (2...18).contains(top.count), top.allSatisfy(\.isASCIILetter)
      else { continue }
      // Names that RFC 2606 keeps for examples reach nobody; `git@` reaches a server.
      let name = domain.map(\.lowered)
      let isExample = ["example.com", "example.org", "example.net"].contains { example in
        name.count >= example.utf8.count
          && name.suffix(example.utf8.count).elementsEqual(example.utf8)
      }
      if isExample
        || ["test", "example", "invalid"].contains(
          String(decoding: top.map(\.lowered), as: UTF8.self))
      {
        continue
      }
      if text[start..<at].elementsEqual("git".utf8) { continue }
      let initial = at - start >= 3 ? text.string(start..<(start + 1)) : ""
      found.append(
        (start..<end, "\(initial)…@….\(String(decoding: top, as: UTF8.self))"))
    }
    return found
  }
}
