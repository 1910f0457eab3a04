/// What is told of the labels as a whole, beside the rows in doubt.
public struct LabelErrorsDetails: DetectorDetails {
  /// A class and its noise.
  public struct ClassNoise: Codable, Sendable, Equatable {
    /// Its label.
    public var label: String
    /// Rows labelled so.
    public var count: Int
    /// Mean probability of this class among them: from here on a row counts as confidently of it.
    /// Nil if no row is labelled so.
    public var threshold: Double?
    /// How many of its rows are estimated to be of another class.
    public var estimatedErrors: Int
    /// Their share.
    public var noise: Double
    /// How many rows of the class are estimated to have another label.
    public var missedRows: Int
    /// Their share of the class's rows.
    public var inverseNoise: Double
    /// How many of its rows are flagged.
    public var flagged: Int

    enum CodingKeys: String, CodingKey {
      case label, count, threshold, noise, flagged
      case estimatedErrors = "estimated_errors"
      case missedRows = "missed_rows"
      case inverseNoise = "inverse_noise"
    }
  }

  /// How numbers were judged.
  public struct Numbers: Codable, Sendable, Equatable {
    /// The share of the numbers' mean distance from their median that predictions take away; below 0
    /// if they are worse than the median.
    public var explained: Double
    /// How far a number usually is from its prediction: the median over rows.
    public var usualDeviation: Double
    /// Of Student's distribution of the sound residuals; nil if they are normal.
    public var degreesOfFreedom: Double?
    /// Tukey's g of the residuals; 0 if they are symmetric but for chance.
    public var skewness: Double
    /// Estimated share of wrong numbers.
    public var wrongShare: Double
    /// For each data row what is expected by its other values; only if all scores were asked for.
    public var predictions: [Double?]?

    enum CodingKeys: String, CodingKey {
      case explained, skewness, predictions
      case usualDeviation = "usual_deviation"
      case degreesOfFreedom = "degrees_of_freedom"
      case wrongShare = "wrong_share"
    }
  }

  /// Rows with a label that could be checked.
  public var checkedRows: Int
  /// Classes that are too small to be checked.
  public var leftOutClasses: [String] = []
  /// The checked classes; matrices follow their order. That of the labels, or if probabilities were
  /// given, that of their columns.
  public var classes: [ClassNoise] = []
  /// Estimated probability of each given label (row) for each true label (column).
  public var noiseMatrix: [[Double]] = []
  /// Estimated probability of each true label (row) for each given label (column).
  public var inverseNoiseMatrix: [[Double]] = []
  /// Estimated rows by given (row) and true label (column).
  public var confidentJoint: [[Int]] = []
  /// Estimated share of the labels that are right.
  public var health: Double
  /// Share of the checked rows whose label is the most probable one. Nil for numbers.
  public var agreement: Double?
  /// Cross-validated log loss of the chosen model. Nil for numbers, and if probabilities were given.
  public var logLoss: Double?
  /// For each data row how much its label is doubted, from 0 to 1, on the scale of the flagged rows'
  /// scores; nil where there was nothing to check. Only if all scores were asked for.
  public var rowScores: [Double?]?
  /// Nil if labels are classes.
  public var numbers: Numbers?

  enum CodingKeys: String, CodingKey {
    case classes, health, agreement, numbers
    case checkedRows = "checked_rows"
    case leftOutClasses = "left_out_classes"
    case noiseMatrix = "noise_matrix"
    case inverseNoiseMatrix = "inverse_noise_matrix"
    case confidentJoint = "confident_joint"
    case logLoss = "log_loss"
    case rowScores = "row_scores"
  }
}

extension LabelErrorsDetails {
  /// What the properties mean.
  public static let meanings = [
    "checked_rows": "Rows with a label that could be checked.",
    "left_out_classes": "Classes that are too small to be checked.",
    "classes": "The checked classes; the matrices follow their order.",
    "classes.label": "The class's label.",
    "classes.count": "Rows labelled so.",
    "classes.threshold":
      "From this probability on a row counts as confidently of it; absent if none has it.",
    "classes.estimated_errors": "How many of its rows are estimated to be of another.",
    "classes.noise": "Their share.",
    "classes.missed_rows": "How many rows of the class are estimated to have another label.",
    "classes.inverse_noise": "Their share of the class's rows.",
    "classes.flagged": "How many of its rows are flagged.",
    "noise_matrix": "Estimated probability of each given label (row) for each true label (column).",
    "inverse_noise_matrix":
      "Estimated probability of each true label (row) for each given label (column).",
    "confident_joint": "Estimated rows by given label (row) and true label (column).",
    "health": "Estimated share of the labels that are right.",
    "agreement":
      "Share of the checked rows whose label is the most probable one; absent for numbers.",
    "log_loss":
      "Cross-validated log loss of the model; absent for numbers, and if probabilities were given.",
    "row_scores":
      "For each data row how much its label is doubted; null where there is nothing to check. Only "
      + "if all scores were asked for.",
    "numbers": "How numbers were judged; absent if labels are classes.",
    "numbers.explained":
      "The share of the numbers' mean distance from their median that predictions take away.",
    "numbers.usual_deviation": "How far a number usually is from its prediction.",
    "numbers.degrees_of_freedom":
      "Of Student's distribution of the sound residuals; absent if they are normal.",
    "numbers.skewness": "Tukey's g of the residuals; 0 if they are symmetric but for chance.",
    "numbers.wrong_share": "Estimated share of wrong numbers.",
    "numbers.predictions":
      "For each data row what is expected by its other values. Only if all scores were asked for.",
  ]
}
