/// Whether a column names rows, and why one may think so.
struct IdentifierEvidence {
  /// The words for a person; nil if the column describes rows.
  let reason: String?
  /// Whether it only counts rows, as programs do that write a table's row numbers with it.
  let numbersRows: Bool

  /// Share of the values that must differ where the name or the form of the values says that they
  /// identify something.
  static let distinctShare = 0.95
  /// The same where the form is only a word with digits, or the name only says that it is a number,
  /// and how many values that takes.
  static let codeShare = 0.99
  static let codeCount = 100

  init(_ census: ColumnCensus) {
    let present = census.cells.count - census.missingCount
    let share = Double(census.distinctCount) / Double(max(1, present))
    let isUnique = census.distinctCount == present
    let isNearlyUnique = share >= Self.distinctShare
    let isCode = share >= Self.codeShare && present >= Self.codeCount
    let isLong = present >= ColumnCensus.significantCount
    let repeated = present - census.distinctCount
    let repetition =
      isUnique
      ? "" : " " + repeated.counted("value repeats", "values repeat") + " an earlier one."
    var found: String?
    var counts = false
    switch census.type {
    case .integer:
      if isLong, isUnique, Self.isConsecutive(census) {
        found = "Its integers number the rows."
        counts = Self.isRowNumberName(census.name)
      } else if present > 1, isNearlyUnique, Self.isIdentifierName(census.name) {
        found = "Its name says that it identifies, and nearly every value differs." + repetition
      } else if isCode, Self.isNumberName(census.name) {
        found =
          "Its name says that it numbers something, and nearly every value differs."
          + repetition
      }
    case .text, .category:
      if present > 1, isNearlyUnique, Self.isIdentifierName(census.name) {
        found = "Its name says that it identifies, and nearly every value differs." + repetition
      } else if census.type == .text,
        census.spellings.values.allSatisfy({
          Self.isUUID(census.spellings[$0])
        })
      {
        found = "Its values are UUIDs." + repetition
      } else if census.type == .text, !Self.isWordy(census), !Self.isMeasured(census) {
        if isUnique {
          found = "Each row has a value of its own, of one word."
        } else if isCode, Self.haveDigits(census) {
          found = "Nearly each row has a value of its own, of one word with digits." + repetition
        }
      }
    case .real, .dateTime, .boolean, .identifier, .empty: break
    }
    reason = found
    numbersRows = counts
  }

  /// Every integer is the one before plus one, or minus one.
  private static func isConsecutive(_ census: ColumnCensus) -> Bool {
    let rows = census.cells.count
    guard census.missingCount == 0, rows > 1 else { return false }
    func number(_ row: Int) -> Double { census.spellings.number(row, of: census.cells) }
    let step = number(1) - number(0)
    return abs(step) == 1 && (1..<rows).allSatisfy { number($0 - 1) + step == number($0) }
  }

  /// Whether values have a space on average, or more letters of a script without spaces than names
  /// have: sentences, of which each may well differ.
  private static func isWordy(_ census: ColumnCensus) -> Bool {
    let spaces = census.spellings.values.reduce(0) { sum, entry in
      sum + census.spellings[entry].count(where: { $0 == 0x20 })
        + UnspacedScript.letters(in: census.spellings[entry]) / UnspacedScript.nameLetters
    }
    return spaces >= census.distinctCount
  }

  /// About so many values are looked at to tell what they are like, from all over the dictionary: its order
  /// is not that of rows where some were packed first.
  private static let shownValues = 200

  private static func mostly(
    _ census: ColumnCensus, _ hasProperty: (ArraySlice<UInt8>) -> Bool
  ) -> Bool {
    let values = Array(census.spellings.values)
    let shown = stride(from: 0, to: values.count, by: max(1, values.count / shownValues))
      .map { census.spellings[values[$0]] }
    return shown.count(where: hasProperty) * 10 >= shown.count * 9
  }

  /// Whether values are amounts with a unit or currency, dates that contradict each other, or times such
  /// as 2:31:07: each may well have one of its own.
  private static func isMeasured(_ census: ColumnCensus) -> Bool {
    mostly(census) { value in
      DecoratedNumber(value) != nil || WrittenDate(value) != nil
        || (value.contains(0x3A) && value.allSatisfy { (0x30...0x3A).contains($0) || $0 == 0x2E })
    }
  }

  private static func haveDigits(_ census: ColumnCensus) -> Bool {
    mostly(census) { $0.contains { (0x30...0x39).contains($0) } }
  }

  private static func isUUID(_ value: ArraySlice<UInt8>) -> Bool {
    let text = value.trimmingSpaces()
    guard text.count == 36 else { return false }
    return zip(0..., text).allSatisfy { offset, byte in
      if [8, 13, 18, 23].contains(offset) { return byte == UInt8(ascii: "-") }
      return (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
    }
  }

  private static let lastWords: Set<String> = [
    "id", "ids", "pid", "uid", "uuid", "guid", "identifier",
  ]
  /// What is numbered in a name of one word: `userid`.
  private static let things: Set<String> = [
    "user", "customer", "client", "patient", "subject", "subj", "person", "member", "account",
    "order", "product", "item", "case", "student", "pupil", "child", "teacher", "employee", "staff",
    "school", "class", "hospital", "store", "shop", "device", "session", "household", "family",
    "group", "record", "sample", "transaction", "invoice", "ticket", "event", "message", "post",
    "movie", "document", "passenger", "driver", "vehicle", "trip", "station", "site", "plant",
    "animal", "player", "team", "game", "vendor", "seller", "listing", "property", "loan", "policy",
    "claim", "company", "firm", "county", "state", "country", "city", "region",
  ]
  private static let numberWords: Set<String> = ["number", "num", "no", "nr"]
  private static let wholeNames: Set<String> = [
    "index", "idx", "row", "rownum", "row number", "rowname", "rownames", "row names", "unnamed 0",
  ]

  /// Whether a name is `id`, ends in that or a like word (`user_id`, `orderId`, `userid`), or is what
  /// programs call row numbers (`index`, `Unnamed: 0`, `rownames`).
  static func isIdentifierName(_ name: String) -> Bool {
    namesThings(name) || isRowNumberName(name)
  }

  /// Whether a name says that its column tells things apart, rows or what several rows belong to.
  static func namesThings(_ name: String) -> Bool {
    guard let last = words(name).last else { return false }
    return lastWords.contains(last)
      || last.hasSuffix("id") && things.contains(String(last.dropLast(2)))
  }

  private static func isRowNumberName(_ name: String) -> Bool {
    wholeNames.contains(words(name).joined(separator: " "))
  }

  /// Whether a name ends as `license_number` and `bandNo` do.
  private static func isNumberName(_ name: String) -> Bool {
    words(name).last.map(numberWords.contains) == true
  }

  /// Words of letters and digits, in small letters.
  private static func words(_ name: String) -> [String] {
    var words: [String] = [""]
    var previous: Character = " "
    for character in name {
      let isLetter = character.isLetter || character.isNumber
      if !isLetter || (character.isUppercase && previous.isLowercase) { words.append("") }
      if isLetter { words[words.count - 1] += character.lowercased() }
      previous = character
    }
    words.removeAll { $0.isEmpty }
    return words
  }
}
