/// What detectors look at, and what several of them derive from it, made once.
///
/// Belongs to one analysis, on one thread.
final class AnalysisSubject {
  let table: Table
  let label: LabelColumn?
  let options: AnalysisOptions
  /// The dataset that drift is measured against.
  let reference: Table?

  var seed: UInt64 { options.seed }

  /// The columns that describe a row: not the label, nor predictions and probabilities of it, nor
  /// the column that says which part of a split a row belongs to.
  let featureColumns: [Int]

  private var orders: [Int: [UInt32]] = [:]
  private var levels: [Int: ColumnLevels] = [:]
  private var repeatedRows: RepeatedRows?
  /// Nil until they are asked for.
  private var nearDuplicates: NearDuplicates??

  init(table: Table, label: LabelColumn?, options: AnalysisOptions, reference: Table? = nil) {
    self.table = table
    self.label = label
    self.options = options
    self.reference = reference
    let named = Set(
      [options.predictionColumn, options.splitColumn].compactMap { name in
        name.flatMap { table.columnIndex(named: $0) }
      })
    featureColumns = table.columns.indices.filter { index in
      let name = table.columns[index].name
      if index == label?.column || named.contains(index) { return false }
      if let prefix = options.probabilityPrefix, name.hasPrefix(prefix) { return false }
      return true
    }
  }

  /// The feature columns that can tell something of other rows: neither identifiers nor empty.
  var learnableColumns: [Int] {
    featureColumns.filter { ![.identifier, .empty].contains(table.columns[$0].type) }
  }

  /// Those of them that measure or describe: not numbers of things, such as a `patient_id` that
  /// several rows have.
  var measuredColumns: [Int] {
    learnableColumns.filter { !IdentifierEvidence.isIdentifierName(table.columns[$0].name) }
  }

  /// The rows where a column has a finite number, by ascending number, then row.
  func order(of column: Int) -> [UInt32] {
    if let known = orders[column] { return known }
    let order = NumberOrder.ascending(table.columns[column].numericValues())
    orders[column] = order
    return order
  }

  /// How sound labels are that are too few to be judged: not at all if most are missing; else it is
  /// not known.
  var soundnessOfFewLabels: Double? {
    guard let label else { return nil }
    return 2 * table.columns[label.column].missingCount > table.rowCount ? 0 : nil
  }

  /// The distinct values of a column.
  func levels(of column: Int) -> ColumnLevels {
    if let known = levels[column] { return known }
    let made = table.columns[column].levels()
    levels[column] = made
    return made
  }

  /// Columns of row numbers: those that a program wrote with the table say nothing of what the rows
  /// hold, so that rows are equal whatever they are.
  var rowNumberColumns: [Int] {
    table.columns.indices.filter { table.columns[$0].numbersRows }
  }

  /// The rows that repeat an earlier one in all columns but row numbers.
  func repeatedRows(_ checkpoint: Checkpoint) throws(AnalysisCancelled) -> RepeatedRows {
    if let known = repeatedRows { return known }
    let made = try RepeatedRows(self, checkpoint)
    repeatedRows = made
    return made
  }

  /// The rows that are nearly equal to another, by what the request says of ``NearDuplicatesDetector``;
  /// nil if there are no two rows with features.
  func nearDuplicates(_ checkpoint: Checkpoint) throws(AnalysisCancelled) -> NearDuplicates? {
    if let known = nearDuplicates { return known }
    let made = try NearDuplicates(
      self,
      ParameterValues(
        NearDuplicatesDetector.parameters, overrides: options.parameters[.nearDuplicates] ?? [:]),
      checkpoint)
    nearDuplicates = .some(made)
    return made
  }
}
