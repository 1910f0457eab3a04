/// One thing that a fix does to a dataset, or would do.
public struct FixAction: Codable, Sendable, Equatable {
  /// What is done.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// The label is replaced by the suggested one.
    case relabel
    /// A cell is written as most cells that mean the same are.
    case replace
    /// A missing cell is filled in.
    case impute
    /// The row is left out, because another one says the same.
    case deduplicate
    /// The row is left out.
    case remove
    /// Nothing is changed; a person should look at the row.
    case flag

    /// Whether it leaves the row out.
    public var removesRow: Bool { self == .deduplicate || self == .remove }
    /// Whether it changes a cell.
    public var changesCell: Bool { self == .relabel || self == .replace || self == .impute }
  }

  /// What is done.
  public var kind: Kind
  /// The data row, counted from 0 without the header, in the dataset as it was.
  public var row: Int
  /// The column concerned, where one is.
  public var column: String?
  /// What the cell holds; empty if there is no cell. A plan is refused where it differs.
  public var from: String?
  /// What the cell is to hold; every change of a cell has it.
  public var to: String?
  /// The row that says the same.
  public var duplicateOf: Int?
  /// Why, for a person.
  public var reason: String
  /// How sure the detector is, from 0 to 1; nil if no detector but the plan itself decided.
  public var score: Double?
  /// The detector that found the flaw.
  public var detector: DetectorKind?

  enum CodingKeys: String, CodingKey {
    case kind, row, column, from, to, reason, score, detector
    case duplicateOf = "duplicate_of"
  }

  /// Creates an action.
  public init(
    _ kind: Kind, row: Int, column: String? = nil, from: String? = nil, to: String? = nil,
    duplicateOf: Int? = nil, reason: String, score: Double? = nil, detector: DetectorKind? = nil
  ) {
    self.kind = kind
    self.row = row
    self.column = column
    self.from = from
    self.to = to
    self.duplicateOf = duplicateOf
    self.reason = reason
    self.score = score
    self.detector = detector
  }
}
