/// The classes that a model predicts: as they stand in a column, by a column of probabilities, or by a
/// column of probabilities for each class.
struct BiasPredictions {
  /// The predicted class of each row, `classes.count` where it is one that no label has; -1 where
  /// there is none. Empty without predictions.
  private(set) var classOfRow: [Int] = []
  /// How they were understood, and what could not be used and why.
  private(set) var notes: [String] = []

  /// - Parameters:
  ///   - label: has at least two classes.
  ///   - threshold: the probability from which on a class counts as predicted, where there is one
  ///     column for two classes.
  init(_ subject: AnalysisSubject, _ label: LabelColumn, threshold: Double) {
    let classes = ClassNames(label)
    if let name = subject.options.predictionColumn,
      let index = subject.table.columnIndex(named: name)
    {
      read(subject.table.columns[index], subject.levels(of: index), classes, threshold)
    } else if let prefix = subject.options.probabilityPrefix {
      do throws(GivenProbabilities.Objection) {
        choose(
          try GivenProbabilities(table: subject.table, prefix: prefix, label: label), classes,
          rows: subject.table.rowCount)
        notes.append(
          "The class of the highest probability, in the columns that begin with \"\(prefix)\", "
            + "counts as the prediction.")
      } catch {
        notes.append("There are no predictions to compare. \(error.reason)")
      }
    }
  }

  /// Predictions in a column: classes, or probabilities of the second of two.
  private mutating func read(
    _ column: Column, _ levels: ColumnLevels, _ classes: ClassNames, _ threshold: Double
  ) {
    var classOfLevel = [Int](repeating: -1, count: levels.counts.count)
    var unknown = 0
    for level in levels.counts.indices.dropFirst() where levels.counts[level] > 0 {
      let found = classes.index(of: column.text(Int(levels.firstRow[level])))
      classOfLevel[level] = found ?? -1
      if found == nil { unknown += levels.counts[level] }
    }
    if unknown > 0, unknown == levels.counts.dropFirst().reduce(0, +), classes.names.count == 2,
      match(column, levels, classes)
    {
      return
    }
    if unknown > 0, classes.names.count == 2, Self.areProbabilities(column) {
      let numbers = column.numericValues()
      classOfRow = numbers.map { $0.isNaN ? -1 : $0 >= threshold ? 1 : 0 }
      notes.append(
        "\"\(column.name)\" is taken for the probability of \"\(classes.names[1])\", which counts "
          + "as predicted from \(threshold.shown(3)) on.")
      return
    }
    classOfRow = levels.levelOfRow.map { classOfLevel[Int($0)] }
    if unknown > 0 {
      notes.append(
        "In \"\(column.name)\" \(unknown.counted("prediction is", "predictions are")) none of the "
          + "classes, and not compared.")
    }
  }

  /// Takes 0 and 1, or false and true, for the two classes: the way round in which more predictions
  /// agree with the labels, of two that agree as often that of the classes' order.
  ///
  /// - Returns: False if the column has other values.
  private mutating func match(
    _ column: Column, _ levels: ColumnLevels, _ classes: ClassNames
  ) -> Bool {
    var second = [Bool](repeating: false, count: levels.counts.count)
    var (no, yes) = ("0", "1")
    for level in levels.counts.indices.dropFirst() where levels.counts[level] > 0 {
      let text = column.text(Int(levels.firstRow[level]))
      if let number = NumberParser.parse(Array(text.utf8)[...])?.value, number == 0 || number == 1 {
        second[level] = number == 1
      } else if ["true", "false"].contains(text.lowercased()) {
        second[level] = text.lowercased() == "true"
        (no, yes) = ("false", "true")
      } else {
        return false
      }
    }
    var (agreeing, opposed) = (0, 0)
    for (row, level) in levels.levelOfRow.enumerated()
    where level != 0 && classes.classOfRow[row] >= 0 {
      if (classes.classOfRow[row] == 1) == second[Int(level)] {
        agreeing += 1
      } else {
        opposed += 1
      }
    }
    let positive = agreeing >= opposed ? 1 : 0
    classOfRow = levels.levelOfRow.map { level in
      level == 0 ? -1 : second[Int(level)] ? positive : 1 - positive
    }
    notes.append(
      "In \"\(column.name)\" \(yes) is taken for \"\(classes.names[positive])\" and \(no) for "
        + "\"\(classes.names[1 - positive])\": so \(max(agreeing, opposed).grouped) of "
        + "\((agreeing + opposed).grouped) predictions agree with the labels.")
    return true
  }

  private static func areProbabilities(_ column: Column) -> Bool {
    let numbers = column.numericValues()
    return (0..<column.count).allSatisfy { column.isMissing($0) || (0...1).contains(numbers[$0]) }
  }

  /// The likeliest class of each row, of equal ones the first.
  private mutating func choose(_ given: GivenProbabilities, _ classes: ClassNames, rows: Int) {
    let width = given.names.count
    let classOfColumn = given.names.map { classes.index(of: $0) ?? classes.names.count }
    classOfRow = [Int](repeating: -1, count: rows)
    for (place, row) in given.rows.enumerated() {
      var best = 0
      for column in 1..<width
      where given.probabilities[place * width + column] > given.probabilities[place * width + best]
      {
        best = column
      }
      classOfRow[row] = classOfColumn[best]
    }
  }
}

/// Finds classes that are written as in the label column, or are the same number.
private struct ClassNames {
  let names: [String]
  let classOfRow: [Int]
  private let numbers: [Double?]

  init(_ label: LabelColumn) {
    names = label.classes
    classOfRow = label.classOfRow
    numbers = names.map { NumberParser.parse(Array($0.utf8)[...])?.value }
  }

  func index(of name: String) -> Int? {
    names.firstIndex(of: name)
      ?? NumberParser.parse(Array(name.utf8)[...]).flatMap { number in
        numbers.firstIndex { $0 == number.value }
      }
  }
}
