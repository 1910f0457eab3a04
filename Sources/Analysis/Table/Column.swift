/// One column: a dictionary of its distinct values, in the order first seen, and for each row the
/// number of its value. Original spellings are kept; numbers are parsed once a distinct value.
public struct Column: Sendable {
  /// The name from the header.
  public let name: String
  /// What the values are, inferred from all of them.
  public let type: ColumnType
  /// Cells without a value.
  public let missingCount: Int
  /// Distinct values, spellings of "missing" not counted.
  public let distinctCount: Int
  /// What a person should know of how the values were read; nil if it is plain.
  public let note: String?

  /// For each row the number of its value in the dictionary.
  let codes: [UInt32]
  let dictionary: ByteDictionary
  /// For each distinct value its number; NaN if it is missing or no number.
  let numbers: [Double]
  /// For each distinct value whether its number tells it from others.
  private let isExact: [Bool]
  /// For each distinct value whether it means "missing".
  private let missing: [Bool]

  init(name: String, codes: [UInt32], dictionary: ByteDictionary) {
    var census = ColumnCensus(dictionary: dictionary, codes: codes)
    self.name = name
    self.codes = codes
    self.dictionary = dictionary
    self.type = census.inferType()
    self.note = census.note
    self.numbers = census.numbers
    self.isExact = census.isExact
    self.missing = census.missing
    self.missingCount = census.missingCount
    self.distinctCount = census.distinctCount
  }

  /// Whether the cell has no value: it is empty, or one of `NA`, `N/A`, `#N/A`, `NaN`, `null`,
  /// `none`, `nil`, `?` and `-`, letters in either case, with or without spaces around it.
  public func isMissing(_ row: Int) -> Bool { missing[Int(codes[row])] }

  /// The cell as it was written.
  public func text(_ row: Int) -> String { entryText(Int(codes[row])) }

  /// The cell's number, for dates the seconds from 1970-01-01T00:00:00Z; NaN if it is missing or
  /// has none.
  public func number(_ row: Int) -> Double { numbers[Int(codes[row])] }

  func entryText(_ entry: Int) -> String { String(decoding: dictionary[entry], as: UTF8.self) }

  func entryIsMissing(_ entry: Int) -> Bool { missing[entry] }

  /// For each distinct spelling a number that is the same for spellings of the same value: 0 for
  /// everything missing, in columns of numbers the same for `1`, `1.0` and `1e0`, and in columns of
  /// dates the same for one moment. Spellings of more digits than a double can tell apart stay
  /// different.
  func valueIDs() -> [UInt32] {
    var next: UInt32 = 1
    var byNumber: [UInt64: UInt32] = [:]
    return dictionary.indices.map { entry in
      if missing[entry] { return 0 }
      if type.isOrdered, !numbers[entry].isNaN, isExact[entry] {
        // Adding zero makes -0 and 0 one.
        let bits = (numbers[entry] + 0).bitPattern
        if let known = byNumber[bits] { return known }
        byNumber[bits] = next
      }
      defer { next += 1 }
      return next
    }
  }
}

extension ByteDictionary {
  var indices: Range<Int> { 0..<count }
}
