/// Why a plan cannot be made or applied, in words for the person who asked for it.
public struct FixError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What went wrong, as a stable code.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// A log cannot be read.
    case malformedLog = "malformed_log"
    /// The plan was made for another dataset.
    case otherDataset = "other_dataset"
    /// The plan is of a version that this program does not know.
    case unknownVersion = "unknown_version"
    /// An action names a row that the dataset does not have.
    case rowOutOfRange = "row_out_of_range"
    /// An action names a column that the dataset does not have.
    case unknownColumn = "unknown_column"
    /// An action lacks what its kind needs.
    case incompleteAction = "incomplete_action"
    /// Two actions change the same cell.
    case conflictingActions = "conflicting_actions"
    /// A cell does not hold what the plan says it does.
    case valueDiffers = "value_differs"
    /// A value has characters that the dataset's encoding lacks.
    case notRepresentable = "not_representable"
    /// There would be more actions than are allowed.
    case tooManyActions = "too_many_actions"
    /// The column to append is there already, or has no name.
    case flagColumnExists = "flag_column_exists"
    /// The dataset would grow beyond what is allowed.
    case tooManyBytes = "too_many_bytes"
    /// The bytes are no dataset of the plan's format.
    case malformedDataset = "malformed_dataset"
  }

  /// What went wrong, as a stable code.
  public var kind: Kind
  /// What is wrong, where, and what to do about it.
  public var message: String
  /// The data row concerned, counted from 0.
  public var row: Int?
  /// The column concerned.
  public var column: String?

  /// Creates an error.
  public init(kind: Kind, message: String, row: Int? = nil, column: String? = nil) {
    self.kind = kind
    self.message = message
    self.row = row
    self.column = column
  }

  /// The message.
  public var description: String { message }
}

extension FixError {
  init(unknownVersion version: Int) {
    self.init(
      kind: .unknownVersion,
      message: "The log is of version \(version); this program knows version "
        + "\(FixPlan.currentVersion).")
  }
}
