/// What a label column is to be learnt as.
public enum TaskType: String, Codable, Sendable, CaseIterable {
  /// Labels are classes.
  case classification
  /// Labels are numbers.
  case regression
}

/// What to look for, and how.
public struct AnalysisOptions: Codable, Sendable, Equatable {
  /// The seed used when none is given.
  public static let defaultSeed: UInt64 = 0
  /// The bound on listed rows used when none is given: all rows of a free workspace's month.
  public static let defaultMaxFlaggedRows = 10_000

  /// The column that holds the labels. Nil: guessed from the names ``LabelColumn/guessedNames``.
  public var labelColumn: String?
  /// Nil: inferred from the label column's values.
  public var taskType: TaskType?
  /// Nil: all.
  public var detectors: Set<DetectorKind>?
  /// Values of detectors' parameters other than their defaults (``DetectorKind/parameters``).
  public var parameters: [DetectorKind: [String: ParameterValue]]
  /// The beginning of the names of columns that hold the caller's own out-of-sample probabilities,
  /// one a class: with `p_` they are `p_cat`, `p_dog`. Nil: the engine makes its own.
  public var probabilityPrefix: String?
  /// The column that holds a model's predictions of the label, or probabilities of the second of two
  /// classes.
  public var predictionColumn: String?
  /// The columns that say who a row is about. Nil: guessed from their names.
  public var sensitiveColumns: [String]?
  /// The column along which the data may drift.
  public var timeColumn: String?
  /// The column that says which part of a split, such as train or test, a row belongs to.
  public var splitColumn: String?
  /// Seeds every random choice; the same seed gives the same report.
  public var seed: UInt64
  /// At most this many flagged rows are listed for each detector; all are counted.
  public var maxFlaggedRows: Int

  /// Creates options; by default all detectors run and the label column is guessed.
  public init(
    labelColumn: String? = nil,
    taskType: TaskType? = nil,
    detectors: Set<DetectorKind>? = nil,
    parameters: [DetectorKind: [String: ParameterValue]] = [:],
    probabilityPrefix: String? = nil,
    predictionColumn: String? = nil,
    sensitiveColumns: [String]? = nil,
    timeColumn: String? = nil,
    splitColumn: String? = nil,
    seed: UInt64 = AnalysisOptions.defaultSeed,
    maxFlaggedRows: Int = AnalysisOptions.defaultMaxFlaggedRows
  ) {
    self.labelColumn = labelColumn
    self.taskType = taskType
    self.detectors = detectors
    self.parameters = parameters
    self.probabilityPrefix = probabilityPrefix
    self.predictionColumn = predictionColumn
    self.sensitiveColumns = sensitiveColumns
    self.timeColumn = timeColumn
    self.splitColumn = splitColumn
    self.seed = seed
    self.maxFlaggedRows = maxFlaggedRows
  }
}

/// An option that cannot be followed, in words for the person who set it.
public struct OptionError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The option, by its name in requests.
  public var option: String
  /// What is wrong with it and what to do.
  public var message: String

  /// Creates an error.
  public init(option: String, message: String) {
    self.option = option
    self.message = message
  }

  /// Option and message.
  public var description: String { "\(option) \(message)" }
}

extension AnalysisOptions {
  /// Checks what can be checked without a table.
  public func validate() throws(OptionError) {
    if probabilityPrefix?.isEmpty == true {
      throw OptionError(option: "pred_probs_prefix", message: "must not be empty")
    }
    for kind in DetectorKind.allCases {
      let declared = kind.parameters
      for (name, value) in (parameters[kind] ?? [:]).sorted(by: { $0.key < $1.key }) {
        guard let parameter = declared.first(where: { $0.name == name }) else {
          throw OptionError(
            option: "\(kind.rawValue).\(name)",
            message: declared.isEmpty
              ? "does not exist: nothing can be set for this detector"
              : "does not exist; there are: \(declared.map(\.name).joined(separator: ", "))")
        }
        if let objection = parameter.objection(to: value) {
          throw OptionError(option: "\(kind.rawValue).\(name)", message: objection)
        }
      }
    }
  }
}
