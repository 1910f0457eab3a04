extension FixPlan {
  /// The plan for a dataset as it was read, which may be in another form than the one it was made for:
  /// have columns in another order, or another delimiter.
  ///
  /// - Parameter sha256: The SHA-256 of the dataset's bytes, in hexadecimal. A plan that names one is for
  ///   these bytes alone.
  /// - Throws: ``FixError`` if the plan is for other bytes or for another number of rows, names a column
  ///   that is not there, or contradicts itself. What the cells hold is compared when it is applied.
  public func fitted(to table: Table, sha256: String) throws(FixError) -> FixPlan {
    if let expected = dataset.sha256, expected.lowercased() != sha256.lowercased() {
      throw FixError(
        kind: .otherDataset,
        message: "The log was made for other data (SHA-256 \(expected)), not for these "
          + "(\(sha256)): send the dataset as it was. To go by rows and cells alone, take sha256 out "
          + "of the log.")
    }
    guard dataset.rows == table.rowCount else {
      throw FixError(
        kind: .otherDataset,
        message: "The log is for \(dataset.rows.counted("row")), and the dataset has "
          + "\(table.rowCount.grouped): send the dataset that it was made for.")
    }
    var fitted = self
    fitted.dataset = Dataset(table, sha256: sha256)
    _ = try RowEdits(fitted)
    return fitted
  }
}
