/// Which cells of a column have the same value.
///
/// In columns of numbers `1`, `1.0` and `1e0` are one value, in columns of dates all spellings of a
/// moment are; in others each spelling is a value, but JSON arrays and objects are compared by what they
/// say. Spellings of more digits than can be told apart stay different.
struct ValueKeys {
  /// For each spelling of the dictionary a key that is the same for the same value; nil if missing.
  private let keys: [UInt64?]
  private let cells: ColumnCells
  private let frequencies: [Int]
  private let isNumeric: Bool
  /// Whether several spellings may be one value.
  private let mayRepeat: Bool

  init(_ census: ColumnCensus) {
    self.init(
      type: census.type, cells: census.cells, spellings: census.spellings, marks: census.marks)
  }

  init(type: ColumnType, cells: ColumnCells, spellings: Spellings, marks: NumberMarks) {
    self.cells = cells
    frequencies = spellings.frequencies
    isNumeric = type.isNumeric
    var byDecimal: [ExactDecimal: UInt64] = [:]
    var byNumber: [Double: UInt64] = [:]
    keys = spellings.indices.map { entry in
      guard !spellings.isMissing[entry] else { return nil }
      let own = PackedCell(spelling: UInt32(spellings.firstOfEqual?[entry] ?? entry)).bits
      let number = spellings.numbers[entry]
      guard type.isOrdered, !number.isNaN else { return own }
      func first<Value>(_ known: inout [Value: UInt64], _ value: Value) -> UInt64 {
        if let key = known[value] { return key }
        known[value] = own
        return own
      }
      if type == .dateTime {
        guard let date = WrittenDate(spellings[entry]), date.isExact else { return own }
        return PackedCell.momentKey(at: number) ?? first(&byNumber, number)
      }
      guard number.isFinite else { return first(&byNumber, number) }
      guard let decimal = marks.parse(spellings[entry])?.decimal else {
        return own
      }
      return decimal.packedKey ?? first(&byDecimal, decimal)
    }
    mayRepeat = type.isOrdered || spellings.firstOfEqual != nil
  }

  private func key(_ cell: PackedCell) -> UInt64? {
    if cell.isDecimal { return isNumeric ? cell.key : cell.bits }
    if cell.isMoment { return cell.momentKey }
    return keys[cell.spelling]
  }

  /// How many values there are.
  var distinctCount: Int {
    switch cells {
    case .packed(let cells):
      if isNumeric, zip(keys, frequencies).allSatisfy({ $0 == nil || $1 == 0 }),
        let count = DistinctCount.close(cells)
      {
        return count
      }
      var present: [UInt64] = []
      present.reserveCapacity(cells.count)
      for cell in cells {
        if let key = key(cell) { present.append(key) }
      }
      return DistinctCount.of(present)
    case .coded:
      let present = zip(keys, frequencies).compactMap { key, frequency in frequency > 0 ? key : nil
      }
      return mayRepeat ? DistinctCount.of(present) : present.count
    }
  }

  /// The values, numbered in the order first seen.
  func levels() -> ColumnLevels {
    var numbering = KeyNumbering()
    switch cells {
    case .packed(let cells):
      return ColumnLevels(levels: cells.map { key($0).map { numbering.number(of: $0) } ?? 0 })
    case .coded(let codes):
      // Entries are numbered as the dictionary has them; levels, as rows have them.
      let ids = keys.map { $0.map { numbering.number(of: $0) } ?? 0 }
      return ColumnLevels(ids: codes.lazy.map { ids[Int($0)] }, idCount: Int(numbering.count) + 1)
    }
  }
}
