extension Table {
  /// The index of a column that an option names.
  ///
  /// - Parameter use: what it is wanted for, as in "There is no column "a" to take labels from".
  /// - Throws: an error that names the columns there are, those of the most similar names first.
  func requiredColumn(
    named name: String, for use: String, orElse kind: DatasetError.Kind = .unknownColumn
  ) throws(DatasetError) -> Int {
    if let index = columnIndex(named: name) { return index }
    throw lacking("column \"\(name)\" \(use)", name, kind)
  }

  fileprivate func lacking(
    _ what: String, _ name: String, _ kind: DatasetError.Kind
  ) -> DatasetError {
    let shown = names.nearest(to: name).prefix(20).joined(separator: ", ")
    let more = columns.count > 20 ? " and \(columns.count - 20) more" : ""
    return DatasetError(
      kind: kind, message: "There is no \(what). The columns are: \(shown)\(more).", column: name)
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
    if let probabilityPrefix, !table.names.contains(where: { $0.hasPrefix(probabilityPrefix) }) {
      throw table.lacking(
        "column whose name begins with \"\(probabilityPrefix)\" to take probabilities from",
        probabilityPrefix, .unknownColumn)
    }
  }
}
