/// Finds columns with the same values in all rows.
enum EqualColumns {
  /// Rows that a column's digest is made of; columns of one digest are compared in full.
  private static let digestRows = 256

  /// From here on different whole numbers may be the same double.
  private static let exactLimit = 0x1p53

  /// Groups of at least two equal columns, in table order. Numbers are equal by value, however they
  /// are written, other cells and numbers of more digits than doubles have if their bytes are.
  static func groups(
    _ columns: [Int], of table: Table, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> [[Int]] {
    let stride = max(1, table.rowCount / digestRows)
    var groups: [[Int]] = []
    var groupsOfDigest: [UInt64: [Int]] = [:]
    for (step, index) in columns.enumerated() {
      try checkpoint.reached(Double(step) / Double(columns.count))
      let column = table.columns[index]
      var digest = StableHash.start
      for row in Swift.stride(from: 0, to: table.rowCount, by: stride) {
        // A clash costs a comparison.
        for byte in Cell(column, row).bytes { digest = StableHash.adding(byte, to: digest) }
        digest = StableHash.adding(0xFF, to: digest)
      }
      let candidates = groupsOfDigest[digest, default: []]
      if let known = candidates.first(where: { equal(table.columns[groups[$0][0]], column, table) })
      {
        groups[known].append(index)
      } else {
        groupsOfDigest[digest, default: []].append(groups.count)
        groups.append([index])
      }
    }
    return groups.filter { $0.count > 1 }
  }

  private static func equal(_ first: Column, _ second: Column, _ table: Table) -> Bool {
    guard first.missingCount == second.missingCount, first.distinctCount == second.distinctCount
    else { return false }
    return (0..<table.rowCount).allSatisfy { Cell(first, $0) == Cell(second, $0) }
  }

  /// What a cell is compared by.
  private enum Cell: Equatable {
    case missing
    case number(Double)
    case text(ArraySlice<UInt8>)

    init(_ column: Column, _ row: Int) {
      let number = column.type.isNumeric ? column.number(row) : .nan
      if abs(number) < exactLimit {
        self = .number(number)
      } else {
        self = column.isMissing(row) ? .missing : .text(column.bytes(row))
      }
    }

    static func == (left: Cell, right: Cell) -> Bool {
      switch (left, right) {
      case (.missing, .missing): true
      case (.number(let left), .number(let right)): left == right
      case (.text(let left), .text(let right)): left.elementsEqual(right)
      case (.missing, _), (.number, _), (.text, _): false
      }
    }

    var bytes: [UInt8] {
      switch self {
      case .missing: []
      case .number(let number):
        // Adding zero makes -0 and 0 one.
        withUnsafeBytes(of: (number + 0).bitPattern.littleEndian) { Array($0) }
      case .text(let bytes): Array(bytes)
      }
    }
  }
}
