/// What the values of a column are.
public enum ColumnType: String, Codable, Sendable, CaseIterable {
  /// Numbers without a fraction.
  case integer
  /// Numbers.
  case real
  /// Dates, with or without a time of day; as numbers, seconds from 1970-01-01T00:00:00Z.
  case dateTime = "datetime"
  /// Two values such as `true` and `false`, `yes` and `no`, or 0 and 1.
  case boolean
  /// A limited set of words.
  case category
  /// Free text.
  case text
  /// A different value in each row: it names rows and says nothing about them.
  case identifier
  /// No value at all.
  case empty

  /// Whether statistics of numbers apply.
  public var isNumeric: Bool { self == .integer || self == .real }

  /// Whether each value stands for a number: it is one, or a date.
  public var isOrdered: Bool { isNumeric || self == .dateTime }
}

/// Counts what a column's distinct values look like and infers its type from all of them.
struct ColumnCensus {
  /// Share of the values that must be numbers for a column of numbers; the rest are strays.
  static let numericShare = 0.95
  /// Columns shorter than this are never taken for identifiers, nor are strays tolerated: in a few
  /// rows all values differ by chance.
  static let significantCount = 20

  private(set) var missing: [Bool]
  private(set) var numbers: [Double]
  private(set) var missingCount = 0
  private(set) var distinctCount = 0

  /// For each distinct value whether its number tells it from others.
  private(set) var isExact: [Bool]
  /// What a person should know of how the column was read.
  private(set) var note: String?

  private let dictionary: ByteDictionary
  private let codes: [UInt32]
  private var frequencies: [Int]
  private var numericCells = 0
  private var integerCells = 0

  init(dictionary: ByteDictionary, codes: [UInt32]) {
    self.dictionary = dictionary
    self.codes = codes
    let count = dictionary.count
    missing = [Bool](repeating: false, count: count)
    numbers = [Double](repeating: .nan, count: count)
    isExact = [Bool](repeating: true, count: count)
    frequencies = [Int](repeating: 0, count: count)
    for code in codes { frequencies[Int(code)] += 1 }
    // An entry may be unused: a JSON key given twice replaces its first value.
    for entry in 0..<count where frequencies[entry] > 0 {
      if MissingTokens.contains(dictionary[entry]) {
        missing[entry] = true
        missingCount += frequencies[entry]
        continue
      }
      distinctCount += 1
      if let parsed = NumberParser.parse(dictionary[entry]) {
        numbers[entry] = parsed.value
        isExact[entry] = dictionary[entry].count <= 15
        numericCells += frequencies[entry]
        if parsed.isInteger { integerCells += frequencies[entry] }
      }
    }
  }

  mutating func inferType() -> ColumnType {
    let present = codes.count - missingCount
    if present == 0 { return .empty }
    if isBoolean() { return .boolean }
    if suffices(numericCells, of: present) {
      if integerCells < numericCells { return .real }
      return isConsecutive() ? .identifier : .integer
    }
    if isDates(present) { return .dateTime }
    if distinctCount > Self.significantCount, distinctCount * 2 > present {
      let spaces = (0..<dictionary.count).reduce(0) { sum, entry in
        missing[entry] ? sum : sum + dictionary[entry].count(where: { $0 == 0x20 })
      }
      let isWordy = spaces >= distinctCount
      return distinctCount == present && !isWordy ? .identifier : .text
    }
    return .category
  }

  private func suffices(_ cells: Int, of present: Int) -> Bool {
    cells == present
      || (present >= Self.significantCount
        && Double(cells) >= Self.numericShare * Double(present))
  }

  /// Reads the values as dates if they are; the order of days and months that suits more cells
  /// counts, and months come first where both suit equally.
  private mutating func isDates(_ present: Int) -> Bool {
    var fitting: [DayOrder: Int] = [.dayFirst: 0, .monthFirst: 0]
    var isAmbiguous = false
    var strays = 0
    for entry in 0..<dictionary.count where frequencies[entry] > 0 && !missing[entry] {
      guard let date = WrittenDate(dictionary[entry]) else {
        strays += frequencies[entry]
        // Most columns are no dates: the first values show it.
        if !suffices(present - strays, of: present) { return false }
        continue
      }
      for order in [DayOrder.dayFirst, .monthFirst] where date.seconds(order) != nil {
        fitting[order, default: 0] += frequencies[entry]
      }
      if date.isAmbiguous { isAmbiguous = true }
    }
    let (dayFirst, monthFirst) = (fitting[.dayFirst, default: 0], fitting[.monthFirst, default: 0])
    guard suffices(max(dayFirst, monthFirst), of: present) else { return false }
    let order = dayFirst > monthFirst ? DayOrder.dayFirst : .monthFirst
    if isAmbiguous, dayFirst == monthFirst {
      note =
        "No date tells whether the day or the month comes first; they were read month first."
    }
    for entry in 0..<dictionary.count where frequencies[entry] > 0 && !missing[entry] {
      let date = WrittenDate(dictionary[entry])
      numbers[entry] = date?.seconds(order) ?? .nan
      isExact[entry] = date?.isExact ?? true
    }
    return true
  }

  private static let booleanPairs: [Set<String>] = [
    ["true", "false"], ["t", "f"], ["yes", "no"], ["y", "n"], ["0", "1"],
  ]

  private func isBoolean() -> Bool {
    guard (1...6).contains(distinctCount) else { return false }
    var words: Set<String> = []
    for entry in 0..<dictionary.count where frequencies[entry] > 0 && !missing[entry] {
      let text = dictionary[entry].trimmingSpaces()
      guard text.count <= 5 else { return false }
      words.insert(String(decoding: text, as: UTF8.self).lowercased())
    }
    return words.count == 2 && Self.booleanPairs.contains(words)
  }

  /// A row number: every integer is the one before plus one.
  private func isConsecutive() -> Bool {
    guard missingCount == 0, codes.count >= Self.significantCount, distinctCount == codes.count
    else { return false }
    return zip(codes, codes.dropFirst()).allSatisfy {
      numbers[Int($0)] + 1 == numbers[Int($1)]
    }
  }
}
