/// The caller's own out-of-sample probabilities: a column for each class, named by a prefix and the
/// class.
struct GivenProbabilities {
  /// How far a row's sum may be from one: rounding to two decimals moves it this far with 20 classes.
  static let sumTolerance = 0.1

  /// The rows that have a label, ascending.
  private(set) var rows: [Int] = []
  /// The class of each of them.
  private(set) var given: [Int] = []
  /// The classes in the order of their columns.
  private(set) var names: [String] = []
  /// A probability of each class for each of the rows.
  private(set) var probabilities: [Double] = []

  /// Why probabilities cannot be used, with row and column where it is due to one.
  struct Objection: Error, Equatable {
    var reason: String
  }

  /// Linear in rows times classes.
  init(table: Table, prefix: String, label: LabelColumn) throws(Objection) {
    let columns = table.columns.indices.filter {
      table.columns[$0].name.hasPrefix(prefix) && $0 != label.column
    }
    names = columns.map { String(table.columns[$0].name.dropFirst(prefix.count)) }
    let classOfLabel = try Self.match(
      label, names: names, columns: columns.map { table.columns[$0].name }, prefix: prefix)
    rows = label.classOfRow.indices.filter { label.classOfRow[$0] >= 0 }
    given = rows.map { classOfLabel[label.classOfRow[$0]] }

    let values = columns.map { table.columns[$0].numericValues() }
    probabilities.reserveCapacity(rows.count * columns.count)
    for row in rows {
      var sum = 0.0
      for (index, column) in columns.enumerated() {
        let value = values[index][row]
        guard value >= -ConfidentLearning.tolerance, value <= 1 + ConfidentLearning.tolerance
        else { throw Objection(table.columns[column], row) }
        sum += value
        probabilities.append(value)
      }
      guard abs(sum - 1) <= Self.sumTolerance else {
        throw Objection(
          reason: "The probabilities of row \(row) sum to \(sum.shown(4)) instead of 1, from "
            + "column \"\(table.columns[columns[0]].name)\" to "
            + "\"\(table.columns[columns[columns.count - 1]].name)\".")
      }
    }
  }

  /// For each class of the label column the place of its probabilities.
  private static func match(
    _ label: LabelColumn, names: [String], columns: [String], prefix: String
  ) throws(Objection) -> [Int] {
    let numbers = names.map { NumberParser.parse(Array($0.utf8)[...])?.value }
    var places: [Int] = []
    for name in label.classes {
      var found = names.indices.filter { names[$0] == name }
      if found.isEmpty, let number = NumberParser.parse(Array(name.utf8)[...])?.value {
        found = numbers.indices.filter { numbers[$0] == number }
      }
      guard let place = found.first else {
        throw Objection(
          reason: "The label \"\(name)\" has no column of probabilities \"\(prefix)\(name)\". "
            + "Columns that begin with \"\(prefix)\": "
            + columns.prefix(20).map { "\"\($0)\"" }.joined(separator: ", ") + ".")
      }
      guard found.count == 1, !places.contains(place) else {
        throw Objection(
          reason: "The label \"\(name)\" and the columns of probabilities do not match one to one: "
            + found.map { "\"\(columns[$0])\"" }.joined(separator: ", ") + ".")
      }
      places.append(place)
    }
    return places
  }
}

extension GivenProbabilities.Objection {
  fileprivate init(_ column: Column, _ row: Int) {
    let problem =
      column.isMissing(row) ? "is missing" : "is \"\(column.text(row))\", not from 0 to 1"
    reason = "The probability in row \(row), column \"\(column.name)\", \(problem)."
  }
}
