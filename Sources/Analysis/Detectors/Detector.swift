/// Finds one kind of flaw. A detector is a pure function of its subject and parameters.
///
/// A new one needs a case in ``DetectorKind``, which also says where it stands in the report.
protocol Detector: Sendable {
  /// What it tells besides rows.
  associatedtype Details: DetectorDetails

  /// Its name.
  static var kind: DetectorKind { get }
  /// What can be set, with defaults.
  static var parameters: [DetectorParameter] { get }
  /// Its part in the quality score, relative to the others'.
  static var weight: Double { get }
  /// Rough share of the time, for progress alone.
  static var effort: Double { get }
  /// What it finds, in a line.
  static var meaning: String { get }

  /// Looks for the flaw. Long work calls the checkpoint at least every tenth of a second.
  func run(
    _ subject: AnalysisSubject, _ parameters: ParameterValues, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Finding<Details>
}

extension Detector {
  static var parameters: [DetectorParameter] { [] }
  static var effort: Double { 1 }
  static var meaning: String { kind.title + "." }
}

/// What a detector found besides rows.
public protocol DetectorDetails: Codable, Sendable, Equatable {
  /// What the properties of their JSON mean, by name, those of objects in it after a dot:
  /// `columns`, `columns.rate`.
  static var meanings: [String: String] { get }
}

extension DetectorDetails {
  /// Nothing is said about them.
  public static var meanings: [String: String] { [:] }
}

/// What a detector found, before the report bounds its lists.
enum Finding<Details: DetectorDetails> {
  /// There is nothing to work on. It counts as unsound all the same if that is so for damage.
  case skipped(reason: String, soundness: Double? = nil)
  /// It could not be completed.
  case failed(reason: String)
  case done(Evidence)

  struct Evidence {
    /// By descending score, then ascending row.
    var flagged: FlaggedRows
    /// How sound the data are in this respect, from 0 to 100: more damage never raises it.
    var soundness: Double
    /// What was chosen from the data, beside the detector's declared parameters.
    var chosen: [String: ParameterValue] = [:]
    var details: Details
    /// A sentence for the summary.
    var sentence: String
  }
}
