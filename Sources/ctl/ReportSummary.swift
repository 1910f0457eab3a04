/// What this program shows of a report. Everything may be absent: the engine may be newer or
/// older than this program, and what is there is shown all the same.
struct ReportSummary: Decodable {
  var dataset: Dataset?
  var label: Label?
  var qualityScore: Double?
  var summary: [String]?
  var requestedDetectors: [String]?
  var detectors: [String: Detector]?
  var formatProblems: FormatProblems?

  enum CodingKeys: String, CodingKey {
    case dataset, label, summary, detectors
    case qualityScore = "quality_score"
    case requestedDetectors = "requested_detectors"
    case formatProblems = "format_problems"
  }

  struct Dataset: Decodable {
    var rows: Int?
    var columns: [Column]?

    struct Column: Decodable {}
  }

  struct Label: Decodable {
    var column: String?
    var guessed: Bool?
    var taskType: String?
    var classes: Int?

    enum CodingKeys: String, CodingKey {
      case column, guessed, classes
      case taskType = "task_type"
    }
  }

  struct Detector: Decodable {
    var status: String?
    var reason: String?
    var flaggedCount: Int?
    var flagged: [FlaggedRow]?

    enum CodingKeys: String, CodingKey {
      case status, reason, flagged
      case flaggedCount = "flagged_count"
    }
  }

  struct FlaggedRow: Decodable {
    var row: Int?
    var score: Double?
    var reason: String?
  }

  struct FormatProblems: Decodable {
    var count: Int?
  }

  /// The detectors' results, those asked for first and in the order they were asked for.
  var orderedDetectors: [(name: String, result: Detector)] {
    let results = detectors ?? [:]
    let asked = (requestedDetectors ?? []).filter { results[$0] != nil }
    let others = results.keys.filter { !asked.contains($0) }.sorted()
    return (asked + others).compactMap { name in results[name].map { (name, $0) } }
  }
}
