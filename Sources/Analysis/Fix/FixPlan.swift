/// What is to be done to a dataset, and to which: the action log of a fix.
///
/// Applied to the bytes it was made for, it always gives the same bytes (``FixWriter``). Written down
/// (``log()``) and read again (``init(log:)``) it can be applied later, after ``fitted(to:sha256:)``.
public struct FixPlan: Codable, Sendable, Equatable {
  /// The version of this form.
  public static let currentVersion = 1

  /// The dataset that a plan was made for.
  public struct Dataset: Codable, Sendable, Equatable {
    /// The SHA-256 of its bytes, in lower-case hexadecimal. Nil: only the cells are compared.
    public var sha256: String?
    /// How it was written down, and so how its bytes are read.
    public var layout: DatasetLayout
    /// Its data rows.
    public var rows: Int
    /// Its columns in order.
    public var columns: [String]
    /// The columns whose values JSON has as strings, which decides how a value is written where
    /// there was none.
    public var textColumns: [String]
    /// The keys of JSON that have space around them, by the columns that they are; nil if none has.
    public var spacedKeys: [String: String]?

    /// Creates the description of a dataset.
    public init(sha256: String?, layout: DatasetLayout, rows: Int, columns: [String]) {
      self.sha256 = sha256
      self.layout = layout
      self.layout.textColumns = []
      self.layout.spacedKeys = [:]
      self.rows = rows
      self.columns = columns
      textColumns = layout.textColumns
      spacedKeys = layout.spacedKeys.isEmpty ? nil : layout.spacedKeys
    }

    init(_ table: Table, sha256: String?) {
      self.init(
        sha256: sha256, layout: table.layout, rows: table.rowCount, columns: table.names)
    }

    enum CodingKeys: String, CodingKey {
      case sha256, layout, rows, columns
      case textColumns = "text_columns"
      case spacedKeys = "spaced_keys"
    }
  }

  /// The version of this form.
  public var version: Int
  /// Version of the engine that made the plan.
  public var engineVersion: String
  /// The seed of its random choices.
  public var seed: UInt64
  /// How much was to be changed.
  public var strategy: FixStrategy
  /// The dataset that it is for.
  public var dataset: Dataset
  /// The column to append, with the detectors that flagged each row; nil if none.
  public var flagColumn: String?
  /// What is to be done, by ascending row.
  public var actions: [FixAction]

  enum CodingKeys: String, CodingKey {
    case version, seed, strategy, dataset, actions
    case engineVersion = "engine_version"
    case flagColumn = "flag_column"
  }

  /// Creates a plan.
  public init(
    engineVersion: String = Analyzer.engineVersion, seed: UInt64 = AnalysisOptions.defaultSeed,
    strategy: FixStrategy, dataset: Dataset, flagColumn: String? = nil, actions: [FixAction]
  ) {
    version = Self.currentVersion
    self.engineVersion = engineVersion
    self.seed = seed
    self.strategy = strategy
    self.dataset = dataset
    self.flagColumn = flagColumn
    self.actions = actions
  }

  /// Actions of each kind that the plan has.
  public var counts: [FixAction.Kind: Int] {
    actions.reduce(into: [:]) { $0[$1.kind, default: 0] += 1 }
  }

  /// Rows that are left.
  public var rowsOut: Int {
    dataset.rows - Set(actions.lazy.filter(\.kind.removesRow).map(\.row)).count
  }
}
