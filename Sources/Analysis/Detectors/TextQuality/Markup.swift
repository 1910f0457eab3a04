/// Finds what is left of web pages in a text.
struct Markup {
  private static let tags: Set<UInt64> = Set(
    ("p br div span a b i u em strong ul ol li table tr td th tbody thead img h1 h2 h3 h4 h5 h6 html "
      + "head body script style font center iframe noscript input button form meta link hr blockquote "
      + "pre code sup sub section article nav footer header svg label")
      .split(separator: " ").map { WordHash.of($0.utf8) })
  private static let entities: Set<UInt64> = Set(
    ("amp nbsp quot lt gt apos hellip rsquo lsquo ldquo rdquo mdash ndash eacute uuml ouml auml szlig "
      + "copy reg trade bull middot euro pound")
      .split(separator: " ").map { WordHash.of($0.utf8) })

  /// Tags outside of code.
  private(set) var tagCount = 0
  /// The first tag's name, or the first entity.
  private(set) var example = ""
  /// Entities such as `&amp;` outside of code.
  private(set) var entityCount = 0

  init(_ text: UnsafeBufferPointer<UInt8>) {
    var index = 0
    while index < text.count {
      switch text[index] {
      case UInt8(ascii: "`"): index = Self.afterCode(text, index)
      case UInt8(ascii: "<"):
        guard let (name, end) = Self.tag(text, index) else {
          index += 1
          continue
        }
        tagCount += 1
        if example.isEmpty { example = "<\(name)>" }
        index = end
      case UInt8(ascii: "&"):
        guard let (name, end) = Self.entity(text, index) else {
          index += 1
          continue
        }
        entityCount += 1
        if example.isEmpty { example = "&\(name);" }
        index = end
      default: index += 1
      }
    }
  }

  /// The end of code that begins with backticks: after as many more of them, or after these if there
  /// are none.
  private static func afterCode(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    var open = start
    while open < text.count, text[open] == UInt8(ascii: "`") { open += 1 }
    let length = open - start
    var index = open
    // A span of code this long is none, and looking on would cost the square of a text's length.
    let limit = length >= 3 ? text.count : min(text.count, open + 2_000)
    while index < limit {
      var run = index
      while run < text.count, text[run] == UInt8(ascii: "`") { run += 1 }
      if run - index == length { return run }
      index = max(run, index + 1)
    }
    return length >= 3 ? text.count : open
  }

  private static func tag(
    _ text: UnsafeBufferPointer<UInt8>, _ start: Int
  ) -> (name: String, end: Int)? {
    var index = start + 1
    if index < text.count, text[index] == UInt8(ascii: "/") { index += 1 }
    let first = index
    var hash = StableHash.start
    while index < text.count, index - first < 12,
      text[index].isASCIILetter || text[index].isASCIIDigit
    {
      hash = StableHash.adding(text[index].lowered, to: hash)
      index += 1
    }
    guard index > first, index < text.count, tags.contains(hash),
      [0x20, 0x0A, 0x09, UInt8(ascii: ">"), UInt8(ascii: "/")].contains(text[index])
    else { return nil }
    let name = String(decoding: text[first..<index], as: UTF8.self)
    let limit = min(text.count, index + 500)
    while index < limit {
      if text[index] == UInt8(ascii: ">") { return (name, index + 1) }
      if text[index] == UInt8(ascii: "<") { return nil }
      index += 1
    }
    return nil
  }

  private static func entity(
    _ text: UnsafeBufferPointer<UInt8>, _ start: Int
  ) -> (name: String, end: Int)? {
    var index = start + 1
    let isNumber = index < text.count && text[index] == UInt8(ascii: "#")
    if isNumber { index += 1 }
    let first = index
    var hash = StableHash.start
    while index < text.count, index - first < 8,
      text[index].isASCIILetter || text[index].isASCIIDigit
    {
      hash = StableHash.adding(text[index].lowered, to: hash)
      index += 1
    }
    guard index > first, index < text.count, text[index] == UInt8(ascii: ";") else { return nil }
    let digits = text[first..<index]
    let isKnown =
      isNumber
      ? digits.allSatisfy(\.isASCIIDigit)
        || (digits[first] | 0x20 == UInt8(ascii: "x") && digits.count > 1)
      : entities.contains(hash)
    guard isKnown else { return nil }
    return (String(decoding: text[(start + 1)..<index], as: UTF8.self), index + 1)
  }
}
