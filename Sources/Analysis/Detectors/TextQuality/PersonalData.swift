/// Finds what names or reaches a person, and keys that give access. Conservative: what only looks
/// like it is left.
struct PersonalData {
  /// A datum in a text.
  struct Found: Equatable {
    var flaw: TextFlaw
    /// So much of it as may be repeated.
    var masked: String
    /// Its bytes in the text.
    var range: Range<Int>
  }

  /// Of a text so many are looked for.
  static let limit = 100

  private(set) var found: [Found] = []
  private let text: UnsafeBufferPointer<UInt8>

  /// Searches a text for the data that its facts allow.
  init(_ text: UnsafeBufferPointer<UInt8>, _ facts: TextFacts, secretsOnly: Bool) {
    self.text = text
    if facts.longestToken >= 20 { findSecrets() }
    if !secretsOnly {
      if facts.marks.contains(.at) { findEmails() }
      if facts.digits >= 6 { findNumbers() }
    }
    found.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
  }

  private mutating func add(_ flaw: TextFlaw, _ range: Range<Int>, masked: String) {
    guard found.count < Self.limit else { return }
    // Part of a key is no number.
    guard !found.contains(where: { $0.range.overlaps(range) }) else { return }
    found.append(Found(flaw: flaw, masked: masked, range: range))
  }

  private func string(_ range: Range<Int>) -> String {
    String(decoding: text[range], as: UTF8.self)
  }

  // MARK: - E-mail

  /// The characters of addresses as people have them; RFC 5322 allows more.
  private static func isLocal(_ byte: UInt8) -> Bool {
    byte.isASCIILetter || byte.isASCIIDigit || "._%+-".utf8.contains(byte)
  }

  private mutating func findEmails() {
    for at in text.indices where text[at] == UInt8(ascii: "@") {
      var start = at
      while start > 0, at - start <= 64, Self.isLocal(text[start - 1]) { start -= 1 }
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
      let initial = at - start >= 3 ? string(start..<(start + 1)) : ""
      add(.email, start..<end, masked: "\(initial)…@….\(String(decoding: top, as: UTF8.self))")
    }
  }

  // MARK: - Numbers

  private mutating func findNumbers() {
    var index = 0
    while index < text.count {
      let byte = text[index]
      guard
        byte.isASCIIDigit || byte.isASCIILetter || byte == UInt8(ascii: "+")
          || byte == UInt8(ascii: "(")
      else {
        index += 1
        continue
      }
      // Numbers begin where neither a word nor an address nor another number goes on.
      let isStart =
        index == 0 || !(text[index - 1].isWordByte || "./-_=#$%&+".utf8.contains(text[index - 1]))
      if isStart, let end = number(at: index) {
        index = end
        continue
      }
      index += 1
      if byte.isWordByte { while index < text.count, text[index].isWordByte { index += 1 } }
    }
  }

  /// The end of a number with a meaning that begins here.
  private mutating func number(at start: Int) -> Int? {
    let byte = text[start]
    if byte.isASCIILetter {
      guard let (range, country) = iban(at: start) else { return nil }
      add(.iban, range, masked: "\(country)…")
      return range.upperBound
    }
    if byte.isASCIIDigit {
      if let range = card(at: start) {
        let last = text[range].filter(\.isASCIIDigit).suffix(4)
        add(.cardNumber, range, masked: "…\(String(decoding: last, as: UTF8.self))")
        return range.upperBound
      }
      if let (range, first) = address4(at: start) {
        add(.ipAddress, range, masked: "\(first).…")
        return range.upperBound
      }
      if let end = address6(at: start) { return end }
    }
    if let range = internationalPhone(at: start) ?? americanPhone(at: start) {
      let last = text[range].filter(\.isASCIIDigit).suffix(2)
      add(.phone, range, masked: "…\(String(decoding: last, as: UTF8.self))")
      return range.upperBound
    }
    return nil
  }

  private func isDigit(_ index: Int) -> Bool { index < text.count && text[index].isASCIIDigit }

  /// Whether a number can end before `index`.
  private func isEnd(_ index: Int) -> Bool {
    guard index < text.count else { return true }
    if text[index].isWordByte || text[index] == UInt8(ascii: "_") { return false }
    // A fraction, a date or a longer number goes on.
    return !("./-,:".utf8.contains(text[index]) && isDigit(index + 1))
  }

  /// Groups of digits with one separator between them: the groups' sizes and the end.
  private func groups(at start: Int, separators: String) -> (sizes: [Int], ends: [Int]) {
    var (sizes, ends): ([Int], [Int]) = ([], [])
    var index = start
    var separator: UInt8?
    while isDigit(index), sizes.count < 8 {
      let first = index
      while isDigit(index), index - first < 24 { index += 1 }
      sizes.append(index - first)
      ends.append(index)
      guard index < text.count, separators.utf8.contains(text[index]),
        separator == nil || separator == text[index]
      else { break }
      separator = text[index]
      index += 1
    }
    return (sizes, ends)
  }

  /// A payment card's number (ISO/IEC 7812): a known beginning, its length, Luhn's check digit
  /// (annex B), together or in the groups that cards show.
  private func card(at start: Int) -> Range<Int>? {
    let (sizes, ends) = groups(at: start, separators: " -")
    let layouts = [[4, 4, 4, 4], [4, 6, 5], [4, 6, 4], [4, 4, 4, 4, 3]]
    let end: Int
    if let layout = layouts.last(where: { sizes.starts(with: $0) }) {
      end = ends[layout.count - 1]
    } else if let first = sizes.first, (13...16).contains(first) {
      end = ends[0]
    } else {
      return nil
    }
    guard isEnd(end) else { return nil }
    let digits = text[start..<end].filter(\.isASCIIDigit).map { Int($0 - 0x30) }
    guard Set(digits).count >= 2, Self.isCardLength(digits), Self.passesLuhn(digits) else {
      return nil
    }
    return start..<end
  }

  private static func isCardLength(_ digits: [Int]) -> Bool {
    let (two, four) = (
      digits[0] * 10 + digits[1], digits.prefix(4).reduce(0) { $0 * 10 + $1 }
    )
    switch digits.count {
    case 13, 19: return digits[0] == 4
    case 14: return (300...305).contains(four / 10) || two == 36 || two == 38 || two == 39
    case 15: return two == 34 || two == 37
    case 16:
      return digits[0] == 4 || (51...55).contains(two) || (2221...2720).contains(four)
        || four == 6011 || two == 65 || (644...649).contains(four / 10)
        || (3528...3589).contains(four)
        || two == 62
    default: return false
    }
  }

  static func passesLuhn(_ digits: [Int]) -> Bool {
    var sum = 0
    for (position, digit) in digits.reversed().enumerated() {
      let doubled = position % 2 == 1 ? digit * 2 : digit
      sum += doubled > 9 ? doubled - 9 : doubled
    }
    return sum % 10 == 0
  }

  /// Lengths by country (SWIFT's registry for ISO 13616).
  static let ibanLengths: [String: Int] = [
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22,
    "BR": 29, "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28,
    "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23,
    "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26,
    "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20,
    "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30,
    "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22,
    "SA": 24, "SC": 31, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "ST": 25, "SV": 28, "TL": 23,
    "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
  ]

  /// An account number (ISO 13616): country, length, and 1 as the remainder by 97 (ISO 7064).
  private func iban(at start: Int) -> (Range<Int>, country: String)? {
    guard start + 4 < text.count, isDigit(start + 2), isDigit(start + 3),
      (0x41...0x5A).contains(text[start]), (0x41...0x5A).contains(text[start + 1])
    else { return nil }
    let country = string(start..<(start + 2))
    guard let length = Self.ibanLengths[country] else { return nil }
    var characters: [UInt8] = []
    var index = start
    while index < text.count, characters.count < length {
      let byte = text[index]
      if byte.isASCIIDigit || (0x41...0x5A).contains(byte) {
        characters.append(byte)
      } else if byte != 0x20 || characters.count % 4 != 0 {
        return nil
      }
      index += 1
    }
    guard characters.count == length, index == text.count || !text[index].isWordByte else {
      return nil
    }
    let turned = characters[4...] + characters[..<4]
    let remainder = turned.reduce(0) { sum, byte in
      byte.isASCIIDigit
        ? (sum * 10 + Int(byte - 0x30)) % 97 : (sum * 100 + Int(byte - 0x41) + 10) % 97
    }
    return remainder == 1 ? (start..<index, country) : nil
  }

  /// Beginnings that no country has (ITU-T's list for E.164), such as that of the largest number of
  /// 32 bits.
  private static let freeCodes: Set<String> = [
    "210", "214", "215", "217", "219", "259", "280", "281", "282", "283", "284", "285", "286",
    "287", "288", "289", "292", "293", "294", "295", "296", "384", "422", "424", "425", "426",
    "427", "428", "429", "693", "694", "695", "696", "697", "698", "699", "990", "991", "997",
    "999",
  ]

  /// With a plus and a country's code (ITU-T E.164): 10 to 15 digits.
  private func internationalPhone(at start: Int) -> Range<Int>? {
    guard text[start] == UInt8(ascii: "+"), isDigit(start + 1), text[start + 1] != 0x30 else {
      return nil
    }
    var (index, digits, separators, end) = (start + 1, 0, 0, start)
    while index < text.count, digits <= 15 {
      if text[index].isASCIIDigit {
        digits += 1
        separators = 0
        end = index + 1
      } else if " -.()/".utf8.contains(text[index]), separators < 2 {
        separators += 1
      } else {
        break
      }
      index += 1
    }
    guard (10...15).contains(digits), isEnd(end),
      !Self.freeCodes.contains(string((start + 1)..<(start + 4)))
    else { return nil }
    // A date: +1980-02-29.
    let isDate =
      ["19", "20"].contains(string((start + 1)..<(start + 3))) && text[start + 5] == 0x2D
    return isDate ? nil : start..<end
  }

  /// As in the United States: (212) 555-0123, 212-555-0123, 212.555.0123, with or without a 1 before.
  private func americanPhone(at start: Int) -> Range<Int>? {
    var index = start
    if text[index] == UInt8(ascii: "1"), index + 1 < text.count,
      "-. ".utf8.contains(text[index + 1])
    {
      index += 2
    }
    func digits(_ count: Int, _ from: Int) -> Bool {
      (from..<(from + count)).allSatisfy(isDigit)
    }
    let area: Int
    var separator: UInt8?
    if index < text.count, text[index] == UInt8(ascii: "(") {
      area = index + 1
      guard digits(3, area), area + 3 < text.count, text[area + 3] == UInt8(ascii: ")") else {
        return nil
      }
      index = area + 4
      if index < text.count, text[index] == 0x20 { index += 1 }
    } else {
      area = index
      guard digits(3, area), area + 3 < text.count, "-.".utf8.contains(text[area + 3]) else {
        return nil
      }
      separator = text[area + 3]
      index = area + 4
    }
    guard digits(3, index), index + 3 < text.count, digits(4, index + 4), isEnd(index + 8),
      separator.map({ text[index + 3] == $0 }) ?? "-. ".utf8.contains(text[index + 3])
    else { return nil }
    // Area codes and exchanges begin with 2 to 9 (NANP).
    guard text[area] >= 0x32, text[index] >= 0x32 else { return nil }
    return start..<(index + 8)
  }

  /// A public address of version 4. Numbers of versions and sections look alike: two of its parts
  /// must have two digits, and no "version" stand before.
  private func address4(at start: Int) -> (Range<Int>, first: Int)? {
    let (sizes, ends) = groups(at: start, separators: ".")
    guard sizes.count == 4, sizes.allSatisfy({ $0 <= 3 }), sizes.count(where: { $0 >= 2 }) >= 2,
      isEnd(ends[3])
    else { return nil }
    var parts: [Int] = []
    for part in text[start..<ends[3]].split(separator: UInt8(ascii: ".")) {
      guard part.count == 1 || part.first != 0x30 else { return nil }
      parts.append(part.reduce(0) { $0 * 10 + Int($1 - 0x30) })
    }
    guard parts.allSatisfy({ $0 <= 255 }) else { return nil }
    let isPrivate =
      parts[0] == 0 || parts[0] == 10 || parts[0] == 127 || parts[0] >= 224
      || (parts[0] == 192 && parts[1] == 168) || (parts[0] == 172 && (16...31).contains(parts[1]))
      || (parts[0] == 169 && parts[1] == 254)
    let before = string(max(0, start - 24)..<start).lowercased()
    guard !isPrivate, !before.contains("version"), !before.hasSuffix("v ") else { return nil }
    return (start..<ends[3], parts[0])
  }

  /// A global address of version 6 (RFC 4291): eight groups, or fewer around one "::".
  private mutating func address6(at start: Int) -> Int? {
    guard text[start] == 0x32 || text[start] == 0x33 else { return nil }
    var index = start
    while index < text.count, index - start < 40,
      text[index].isASCIIDigit || (text[index].lowered &- 0x61) < 6 || text[index] == 0x3A
    { index += 1 }
    let parts = text[start..<index].split(separator: 0x3A, omittingEmptySubsequences: false)
    let gaps = parts.count { $0.isEmpty }
    guard parts[0].count == 4, parts.allSatisfy({ $0.count <= 4 }),
      (parts.count == 8 && gaps == 0) || ((4...8).contains(parts.count) && gaps == 1),
      index == text.count || !text[index].isWordByte
    else { return nil }
    add(.ipAddress, start..<index, masked: "\(string(start..<(start + 2)))…")
    return index
  }

  // MARK: - Keys

  /// Beginnings of keys and tokens, how many characters follow at least, and exactly if a second
  /// number says so.
  private static let keys: [(prefix: [UInt8], least: Int, exactly: Bool)] = [
    ("AKIA", 16, true), ("ASIA", 16, true), ("AIza", 35, true), ("sk-", 20, false),
    ("sk_live_", 16, false), ("sk_test_", 16, false), ("rk_live_", 16, false), ("clk_", 16, false),
    ("ghp_", 30, false), ("gho_", 30, false), ("ghu_", 30, false), ("ghs_", 30, false),
    ("github_pat_", 30, false), ("glpat-", 20, false), ("xoxb-", 20, false), ("xoxp-", 20, false),
    ("xoxa-", 20, false), ("hf_", 30, false), ("npm_", 36, false), ("eyJ", 40, false),
  ].map { (Array($0.0.utf8), $0.1, $0.2) }

  private static let privateKey = Array("-----BEGIN ".utf8)

  private mutating func findSecrets() {
    var index = 0
    while index < text.count {
      let byte = text[index]
      if byte == UInt8(ascii: "-"), let end = privateKeyEnd(at: index) {
        add(.secret, index..<end, masked: "-----BEGIN …")
        index = end
        continue
      }
      guard byte.isWordByte else {
        index += 1
        continue
      }
      var end = index
      while end < text.count, Self.isKeyByte(text[end]) { end += 1 }
      end = max(end, index + 1)
      if end - index >= 19, let key = Self.keys.first(where: { starts(index, $0.prefix) }),
        isKey(index..<end, key)
      {
        add(.secret, index..<end, masked: "\(String(decoding: key.prefix, as: UTF8.self))…")
      }
      index = end
    }
  }

  private static func isKeyByte(_ byte: UInt8) -> Bool {
    byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: ".")
  }

  private func starts(_ index: Int, _ phrase: [UInt8]) -> Bool {
    guard text.count - index >= phrase.count else { return false }
    for (offset, byte) in phrase.enumerated() where text[index + offset] != byte { return false }
    return true
  }

  /// Keys are random: they have letters and digits.
  private func isKey(_ range: Range<Int>, _ key: (prefix: [UInt8], least: Int, exactly: Bool))
    -> Bool
  {
    var tail = text[range].dropFirst(key.prefix.count)
    while tail.last == UInt8(ascii: ".") { tail = tail.dropLast() }
    guard key.exactly ? tail.count == key.least : tail.count >= key.least else { return false }
    let isToken = key.prefix.elementsEqual("eyJ".utf8)
    // JSON Web Tokens have three parts (RFC 7519).
    if isToken { return tail.count { $0 == UInt8(ascii: ".") } == 2 }
    guard !tail.contains(UInt8(ascii: ".")) else { return false }
    return tail.contains(where: \.isASCIIDigit)
      && tail.contains(where: \.isASCIILetter)
      && Set(tail).count >= 8
  }

  private func privateKeyEnd(at start: Int) -> Int? {
    guard starts(start, Self.privateKey) else { return nil }
    let limit = min(text.count, start + 60)
    let line = string(start..<limit)
    return line.contains("PRIVATE KEY-----") ? limit : nil
  }
}
