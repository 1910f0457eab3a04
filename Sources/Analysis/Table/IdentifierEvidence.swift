/// Whether a column names rows, and why one may think so.
struct IdentifierEvidence {
  /// The words for a person; nil if the column describes rows.
  let reason: String?

  /// Share of the values that must differ where the name or the form of the values says that they
  /// identify something.
  static let distinctShare = 0.95

  init(_ census: ColumnCensus) {
    let present = census.cells.count - census.missingCount
    let isUnique = census.distinctCount == present
    let isNearlyUnique = Double(census.distinctCount) >= Self.distinctShare * Double(present)
    let isLong = present >= ColumnCensus.significantCount
    switch census.type {
    case .integer:
      if isLong, isUnique, Self.isConsecutive(census) {
        reason = "Its integers number the rows."
      } else if present > 1, isNearlyUnique, Self.isIdentifierName(census.name) {
        reason = "Its name says that it identifies, and nearly every value differs."
      } else {
        reason = nil
      }
    case .text, .category:
      if present > 1, isNearlyUnique, Self.isIdentifierName(census.name) {
        reason = "Its name says that it identifies, and nearly every value differs."
      } else if census.type == .text,
        census.spellings.values.allSatisfy({
          Self.isUUID(census.spellings[$0])
        })
      {
        reason = "Its values are UUIDs."
      } else if census.type == .text, isUnique, !Self.isWordy(census) {
        reason = "Each row has a value of its own, of one word."
      } else {
        reason = nil
      }
    case .real, .dateTime, .boolean, .identifier, .empty:
      reason = nil
    }
  }

  /// Every integer is the one before plus one, or minus one.
  private static func isConsecutive(_ census: ColumnCensus) -> Bool {
    guard case .packed(let cells) = census.cells, census.missingCount == 0, cells.count > 1
    else { return false }
    let number = census.spellings.number
    let step = number(cells[1]) - number(cells[0])
    return abs(step) == 1
      && zip(cells, cells.dropFirst()).allSatisfy { number($0) + step == number($1) }
  }

  /// Whether values have a space on average: sentences, of which each may well differ.
  private static func isWordy(_ census: ColumnCensus) -> Bool {
    let values = census.spellings.values
    let spaces = values.reduce(0) { sum, entry in
      sum + census.spellings[entry].count(where: { $0 == 0x20 })
    }
    return spaces >= census.distinctCount
  }

  private static func isUUID(_ value: ArraySlice<UInt8>) -> Bool {
    let text = value.trimmingSpaces()
    guard text.count == 36 else { return false }
    return zip(0..., text).allSatisfy { offset, byte in
      if [8, 13, 18, 23].contains(offset) { return byte == UInt8(ascii: "-") }
      return (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
    }
  }

  private static let lastWords: Set<String> = ["id", "ids", "uuid", "guid", "identifier"]
  private static let wholeNames: Set<String> = [
    "index", "idx", "row", "rownum", "row number", "rowname", "rownames", "row names", "unnamed 0",
  ]

  /// Whether a name is `id`, ends in that or a like word (`user_id`, `orderId`, `Order ID`), or is
  /// what programs call row numbers (`index`, `Unnamed: 0`, `rownames`).
  static func isIdentifierName(_ name: String) -> Bool {
    var words: [String] = [""]
    var previous: Character = " "
    for character in name {
      let isLetter = character.isLetter || character.isNumber
      if !isLetter || (character.isUppercase && previous.isLowercase) { words.append("") }
      if isLetter { words[words.count - 1] += character.lowercased() }
      previous = character
    }
    words.removeAll { $0.isEmpty }
    guard let last = words.last else { return false }
    return lastWords.contains(last) || wholeNames.contains(words.joined(separator: " "))
  }
}
