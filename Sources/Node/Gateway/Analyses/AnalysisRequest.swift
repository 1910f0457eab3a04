import Analysis
import CloudState

/// What an analysis was asked to do, checked before a byte of the dataset is read.
struct AnalysisRequest: Sendable {
  var format: DatasetFormat
  var coding: ContentCoding
  var name: String
  var options: AnalysisOptions

  /// - Throws: ``Failure`` for what is malformed, or not part of the workspace's plan.
  init(_ request: APIRequest, plan: CloudState.Plan, maxBytes: Int) throws(Failure) {
    format = try Self.format(request)
    coding = try request.contentCoding
    if let length = request.contentLength, length > maxBytes {
      throw .tooLarge("the dataset may have at most \(maxBytes) bytes; send a part or a sample")
    }
    name = request.query("name") ?? ""
    guard name.unicodeScalars.count <= StateLimits.nameLength,
      name.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f })
    else {
      throw .invalid(
        "name",
        "must have at most \(StateLimits.nameLength) characters, and no control ones")
    }
    options = AnalysisOptions(
      labelColumn: request.query("label_column"), taskType: try Self.task(request),
      detectors: try Self.detectors(request, plan: plan), seed: try Self.seed(request))
  }

  private static func format(_ request: APIRequest) throws(Failure) -> DatasetFormat {
    switch request.mediaType {
    case "text/csv": return .csv
    case "application/x-ndjson": return .ndjson
    case "application/json": return .json
    default:
      throw .unsupportedMediaType(
        "the dataset must be text/csv, application/x-ndjson or application/json")
    }
  }

  private static func task(_ request: APIRequest) throws(Failure) -> TaskType? {
    guard let text = request.query("task_type") else { return nil }
    guard let task = TaskType(rawValue: text) else {
      throw .invalid("task_type", "must be \(TaskType.allCases.map(\.rawValue))")
    }
    return task
  }

  private static func seed(_ request: APIRequest) throws(Failure) -> UInt64 {
    guard let text = request.query("seed") else { return AnalysisOptions.defaultSeed }
    guard let seed = UInt64(text) else {
      throw .invalid("seed", "must be a whole number from 0 to \(UInt64.max)")
    }
    return seed
  }

  private static func detectors(
    _ request: APIRequest, plan: CloudState.Plan
  ) throws(Failure) -> Set<DetectorKind>? {
    guard let text = request.query("detectors") else {
      return plan.allFeatures ? nil : DetectorKind.basic
    }
    var kinds: Set<DetectorKind> = []
    for name in text.split(separator: ",") {
      guard let kind = DetectorKind(rawValue: String(name).trimmingSpaces()) else {
        throw .invalid("detectors", "must be some of \(DetectorKind.allCases.map(\.rawValue))")
      }
      kinds.insert(kind)
    }
    guard !kinds.isEmpty else { throw .invalid("detectors", "must not be empty") }
    let extra = plan.allFeatures ? [] : kinds.subtracting(DetectorKind.basic)
    guard extra.isEmpty else {
      let names = extra.map(\.rawValue).sorted().joined(separator: ", ")
      throw .forbidden(.analyze, "the plan \(plan.id.rawValue) does not include \(names)")
    }
    return kinds
  }
}
