extension Table {
  /// The index of a column that an option names.
  ///
  /// - Parameter use: what it is wanted for, as in "There is no column "a" to take labels from".
  /// - Throws: an error that names the columns there are.
  func requiredColumn(
    named name: String, for use: String, orElse kind: DatasetError.Kind = .unknownColumn
  ) throws(DatasetError) -> Int {
    if let index = columnIndex(named: name) { return index }
    let shown = names.prefix(20).joined(separator: ", ")
    let more = columns.count > 20 ? " and \(columns.count - 20) more" : ""
    throw DatasetError(
      kind: kind,
      message: "There is no column \"\(name)\" \(use). The columns are: \(shown)\(more).",
      column: name)
  }
}

extension AnalysisOptions {
  /// Checks that the columns exist that options name, the label column apart.
  func requireColumns(of table: Table) throws(DatasetError) {
    if let predictionColumn {
      _ = try table.requiredColumn(named: predictionColumn, for: "to take predictions from")
    }
    for name in sensitiveColumns ?? [] {
      _ = try table.requiredColumn(named: name, for: "to compare groups by")
    }
    if let timeColumn {
      _ = try table.requiredColumn(named: timeColumn, for: "to take times from")
    }
    if let splitColumn {
      _ = try table.requiredColumn(named: splitColumn, for: "that splits the rows")
    }
  }
}
