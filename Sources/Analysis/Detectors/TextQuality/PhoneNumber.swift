/// Telephone numbers: in the international form, in forms that nothing else has, and in any national
/// form after a word for telephones.
enum PhoneNumber {
  static func range(in text: ScannedText, at start: Int) -> Range<Int>? {
    if let range = international(text, start) ?? american(text, start) { return range }
    // Groups of digits before it make a longer number.
    if start > 1, " -./".utf8.contains(text[start - 1]), text[start - 2].isASCIIDigit { return nil }
    return internationalInZeros(text, start) ?? french(text, start) ?? national(text, start)
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
  private static func international(_ text: ScannedText, _ start: Int) -> Range<Int>? {
    guard text[start] == UInt8(ascii: "+") else { return nil }
    return withCountry(text, start, digitsFrom: start + 1)
  }

  /// The same with 00 for the plus, in groups.
  private static func internationalInZeros(_ text: ScannedText, _ start: Int) -> Range<Int>? {
    guard text[start] == 0x30, text.isDigit(start + 1), text[start + 1] == 0x30,
      let range = withCountry(text, start, digitsFrom: start + 2),
      text[range].contains(where: { !$0.isASCIIDigit })
    else { return nil }
    return range
  }

  private static func withCountry(
    _ text: ScannedText, _ start: Int, digitsFrom first: Int
  ) -> Range<Int>? {
    guard text.isDigit(first), text[first] != 0x30 else { return nil }
    var (index, digits, separators, end) = (first, 0, 0, start)
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
    guard (10...15).contains(digits), text.isEnd(end),
      !freeCodes.contains(text.string(first..<(first + 3)))
    else { return nil }
    // A date: +1980-02-29.
    let isDate = ["19", "20"].contains(text.string(first..<(first + 2))) && text[first + 4] == 0x2D
    return isDate ? nil : start..<end
  }

  /// As in the United States: (212) 555-0123, 212-555-0123, 212.555.0123, with or without a 1 before.
  private static func american(_ text: ScannedText, _ start: Int) -> Range<Int>? {
    var index = start
    if text[index] == UInt8(ascii: "1"), index + 1 < text.count,
      "-. ".utf8.contains(text[index + 1])
    {
      index += 2
    }
    func digits(_ count: Int, _ from: Int) -> Bool {
      (from..<(from + count)).allSatisfy(text.isDigit)
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
    guard digits(3, index), index + 3 < text.count, digits(4, index + 4), text.isEnd(index + 8),
      separator.map({ text[index + 3] == $0 }) ?? "-. ".utf8.contains(text[index + 3])
    else { return nil }
    // Area codes and exchanges begin with 2 to 9 (NANP).
    guard text[area] >= 0x32, text[index] >= 0x32 else { return nil }
    return start..<(index + 8)
  }

  /// As in France: 06 12 34 56 78, with spaces, points or hyphens. Five numbers that ascend are a
  /// list or a draw.
  private static func french(_ text: ScannedText, _ start: Int) -> Range<Int>? {
    guard text[start] == 0x30, text.isDigit(start + 1), text[start + 1] != 0x30 else { return nil }
    let (sizes, ends) = text.groups(at: start, separators: " .-")
    guard sizes == [2, 2, 2, 2, 2], text.isEnd(ends[4]) else { return nil }
    let pairs = ends.map { text.string(($0 - 2)..<$0) }
    return zip(pairs, pairs.dropFirst()).allSatisfy { $0 < $1 } ? nil : start..<ends[4]
  }

  /// Words that a telephone's number follows, in small letters, and beginnings of such words.
  private static let words: Set<String> = [
    "tel", "fax", "cell", "call", "calling", "ring", "mobile", "mobil", "sms", "whatsapp",
    "contact",
    "reach", "handy", "portable", "tél",
  ]
  private static let stems = [
    "phone", "telephon", "telefon", "téléphon", "teléfon", "anruf", "rufnummer", "appele", "llam",
    "chiam", "ligue", "móvil", "cellulare",
  ]
  /// Beginnings of words for other numbers.
  private static let otherStems = [
    "order", "invoice", "ticket", "case", "account", "serial", "track", "part", "model", "isbn",
    "reference", "version", "article", "bestell", "rechnung", "konto", "artikel",
  ]
  /// Bytes before a number in which such a word is looked for.
  private static let reach = 32

  /// 9 to 12 digits in groups, or 10 or 11 with a 0 before and none, close after a word for telephones.
  private static func national(_ text: ScannedText, _ start: Int) -> Range<Int>? {
    guard text.isDigit(start) || text[start] == UInt8(ascii: "(") else { return nil }
    var (index, digits, groups, end) = (start, 0, 1, start)
    var separators = 0
    while index < text.count, digits <= 12 {
      let byte = text[index]
      if byte.isASCIIDigit {
        if separators > 0 { groups += 1 }
        (digits, separators, end) = (digits + 1, 0, index + 1)
      } else if " -./()".utf8.contains(byte), separators < 2 {
        separators += 1
      } else {
        break
      }
      index += 1
    }
    let isWhole = groups == 1 && text[start] == 0x30 && (10...11).contains(digits)
    guard isWhole || ((2...6).contains(groups) && (9...12).contains(digits)), text.isEnd(end) else {
      return nil
    }
    let before = text.string(max(0, start - reach)..<start).lowercased()
    let said = before.split { !$0.isLetter }
    guard !before.contains(where: \.isNumber),
      said.contains(where: { words.contains(String($0)) || stems.contains(where: $0.hasPrefix) }),
      !said.contains(where: { otherStems.contains(where: $0.hasPrefix) })
    else { return nil }
    return start..<end
  }
}
