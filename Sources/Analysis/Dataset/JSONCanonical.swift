/// A JSON array or object in one form, to tell whether two of them say the same: without spaces, members
/// by ascending key, strings with no escape that is not needed. Numbers stay as they are written.
/// (RFC 8785 goes further, and would lose digits of numbers.)
struct JSONCanonical {
  private let text: UnsafeRawBufferPointer
  private var index = 0
  private var output: [UInt8] = []

  /// Whether a value may be an array or object.
  static func mayBegin(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.first == UInt8(ascii: "{") || bytes.first == UInt8(ascii: "[")
  }

  /// Nil if the bytes are no array or object, or nested too deep to be read.
  static func form(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
    guard mayBegin(bytes) else { return nil }
    return withMember(bytes) { text in
      var canonical = JSONCanonical(text: text)
      canonical.output.reserveCapacity(text.count)
      canonical.value()
      return canonical.output
    }
  }

  private init(text: UnsafeRawBufferPointer) { self.text = text }

  /// Scans a value as the only member of an object; nil if it is none.
  @discardableResult
  private static func withMember<Result>(
    _ value: ArraySlice<UInt8>, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result? {
    let object = Array("{\"\":".utf8) + value + [UInt8(ascii: "}")]
    return object.withUnsafeBytes { bytes in
      var scanner = JSONObjectScanner(bytes, scratch: JSONObjectScanner.Scratch())
      do throws(JSONObjectScanner.SyntaxError) {
        try scanner.begin()
        guard try scanner.next() else { return nil }
        let result = scanner.withValue(body)
        return try scanner.next() ? nil : result
      } catch {
        return nil
      }
    }
  }
}

// MARK: - Values that are well-formed

extension JSONCanonical {
  private mutating func skipSpace() {
    while JSONObjectScanner.isSpace(text[index]) { index += 1 }
  }

  private mutating func copy(from start: Int) { output.append(contentsOf: text[start..<index]) }

  private mutating func value() {
    switch text[index] {
    case UInt8(ascii: "{"): object()
    case UInt8(ascii: "["): array()
    case UInt8(ascii: "\""): string()
    default:
      let start = index
      while !Self.endsWord(text[index]) { index += 1 }
      copy(from: start)
    }
  }

  private static func endsWord(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}")
      || JSONObjectScanner.isSpace(byte)
  }

  /// Whether the container goes on, behind the comma; its end is taken.
  private mutating func goesOn(to end: UInt8) -> Bool {
    skipSpace()
    if text[index] == UInt8(ascii: ",") {
      index += 1
      skipSpace()
    }
    guard text[index] == end else { return true }
    index += 1
    return false
  }

  private mutating func array() {
    index += 1
    output.append(UInt8(ascii: "["))
    var isFirst = true
    while goesOn(to: UInt8(ascii: "]")) {
      if !isFirst { output.append(UInt8(ascii: ",")) }
      isFirst = false
      value()
    }
    output.append(UInt8(ascii: "]"))
  }

  private mutating func object() {
    index += 1
    /// Where the members are in the output, and their keys.
    var members: [(whole: Range<Int>, key: Range<Int>)] = []
    output.append(UInt8(ascii: "{"))
    let first = output.count
    while goesOn(to: UInt8(ascii: "}")) {
      if !members.isEmpty { output.append(UInt8(ascii: ",")) }
      let start = output.count
      string()
      let key = start..<output.count
      skipSpace()
      index += 1
      output.append(UInt8(ascii: ":"))
      skipSpace()
      value()
      members.append((start..<output.count, key))
    }
    sort(members, from: first)
    output.append(UInt8(ascii: "}"))
  }

  /// Brings members into the order of their keys; those of one key stay in theirs.
  private mutating func sort(_ members: [(whole: Range<Int>, key: Range<Int>)], from first: Int) {
    func precedes(_ one: Int, _ other: Int) -> Bool {
      output[members[one].key].lexicographicallyPrecedes(output[members[other].key])
    }
    guard members.indices.dropFirst().contains(where: { precedes($0, $0 - 1) }) else { return }
    let order = members.indices.sorted { precedes($0, $1) || (!precedes($1, $0) && $0 < $1) }
    let sorted = order.map { output[members[$0].whole] }.joined(separator: [UInt8(ascii: ",")])
    output.replaceSubrange(first..., with: Array(sorted))
  }

  /// What follows a backslash that ``JSONText`` writes otherwise, or may.
  private static let otherEscapes = Array("u/bf".utf8)

  private mutating func string() {
    let start = index
    var isPlain = true
    index += 1
    while text[index] != UInt8(ascii: "\"") {
      if text[index] == UInt8(ascii: "\\") {
        index += 1
        if Self.otherEscapes.contains(text[index]) { isPlain = false }
      }
      index += 1
    }
    index += 1
    guard !isPlain else { return copy(from: start) }
    output.append(UInt8(ascii: "\""))
    let written = Array(text[start..<index])
    Self.withMember(written[...]) { JSONText.appendEscaped($0, to: &output) }
    output.append(UInt8(ascii: "\""))
  }
}

// MARK: - Equal values

extension JSONCanonical {
  /// For each entry the first one that says the same; nil if no entries do but equal ones.
  ///
  /// - Parameter isCancelled: asked often.
  static func firstOfEqual(
    _ entries: ByteDictionary, isCancelled: () -> Bool
  ) throws(AnalysisCancelled) -> [Int]? {
    guard (0..<entries.count).contains(where: { mayBegin(entries[$0]) }) else { return nil }
    var firsts = Array(0..<entries.count)
    var entriesByHash: [Int: [Int]] = [:]
    for entry in firsts {
      if entry & 0xF == 0, isCancelled() { throw AnalysisCancelled() }
      guard let form = form(entries[entry]) else { continue }
      let alike = entriesByHash[form.hashValue, default: []]
      if let first = alike.first(where: { Self.form(entries[$0]) == form }) {
        firsts[entry] = first
      } else {
        entriesByHash[form.hashValue, default: []].append(entry)
      }
    }
    return zip(firsts, 0...).contains { $0 != $1 } ? firsts : nil
  }
}
