/// Size and columns of a dataset.
public struct DatasetSummary: Codable, Sendable, Equatable {
  /// A column.
  public struct ColumnSummary: Codable, Sendable, Equatable {
    /// Its name.
    public var name: String
    /// What its values are.
    public var type: ColumnType
    /// What it is used as; nil in a reference.
    public var role: ColumnRole?
    /// Cells without a value.
    public var missing: Int
    /// Distinct values.
    public var distinct: Int
    /// What a person should know of how the values were read; nil if it is plain.
    public var note: String?
  }

  /// Data rows.
  public var rows: Int
  /// How it was written down, as far as it was detected.
  public var layout: DatasetLayout?
  /// The columns in order.
  public var columns: [ColumnSummary]
  /// Cells without a value, in all columns.
  public var missingCells: Int

  enum CodingKeys: String, CodingKey {
    case rows, layout, columns
    case missingCells = "missing_cells"
  }

  /// Sums up the dataset that is analysed.
  init(_ subject: AnalysisSubject) {
    self.init(subject.table)
    for index in columns.indices { columns[index].role = subject.role(of: index) }
  }

  init(_ table: Table) {
    rows = table.rowCount
    layout = table.layout
    columns = table.columns.map {
      ColumnSummary(
        name: $0.name, type: $0.type, role: nil, missing: $0.missingCount,
        distinct: $0.distinctCount,
        note: $0.note)
    }
    missingCells = table.columns.reduce(0) { $0 + $1.missingCount }
  }
}

/// The label column.
public struct LabelSummary: Codable, Sendable, Equatable {
  /// Its name.
  public var column: String
  /// Whether it was guessed from its name rather than given.
  public var guessed: Bool
  /// How labels are understood.
  public var taskType: TaskType
  /// The number of classes; 0 unless the task is classification.
  public var classes: Int

  enum CodingKeys: String, CodingKey {
    case column, guessed, classes
    case taskType = "task_type"
  }

  init(_ label: LabelColumn, table: Table) {
    column = table.columns[label.column].name
    guessed = label.isGuessed
    taskType = label.task
    classes = label.classes.count
  }
}

/// Flaws of the format that reading mended.
public struct FormatProblemSummary: Codable, Sendable, Equatable {
  /// How many there are.
  public var count: Int
  /// The first 1,000 of them.
  public var listed: [FormatProblem]
}
