import Analysis
import CloudState

/// What an analysis was asked to do, checked before a byte of the dataset is read.
struct AnalysisRequest: Sendable {
  var format: UploadFormat
  var coding: ContentCoding
  var name: String
  var options: AnalysisOptions

  /// - Throws: ``Failure`` for what is malformed.
  init(_ request: APIRequest, maxBytes: Int) throws(Failure) {
    format = try UploadFormat(request)
    coding = try request.contentCoding
    if let length = request.contentLength, length > maxBytes + format.overhead {
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
    guard request.query("pred_probs_prefix") == nil else {
      throw .invalid("pred_probs_prefix", "is not supported yet; leave it out")
    }
    options = AnalysisOptions(
      labelColumn: request.query("label_column"), taskType: try Self.task(request),
      detectors: try Self.detectors(request), seed: try Self.seed(request))
  }

  /// Looks for all that the plan includes, if nothing else was asked for.
  ///
  /// - Throws: ``Failure`` for what is not part of the plan.
  mutating func fit(to plan: CloudState.Plan) throws(Failure) {
    if plan.allFeatures { return }
    let extra = (options.detectors ?? []).subtracting(DetectorKind.basic)
    guard extra.isEmpty else {
      let names = extra.map(\.rawValue).sorted().joined(separator: ", ")
      throw .forbidden(.analyze, "the plan \(plan.id.rawValue) does not include \(names)")
    }
    options.detectors = options.detectors ?? DetectorKind.basic
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

  private static func detectors(_ request: APIRequest) throws(Failure) -> Set<DetectorKind>? {
    guard let text = request.query("detectors") else { return nil }
    var kinds: Set<DetectorKind> = []
    for name in text.split(separator: ",") {
      guard let kind = DetectorKind(rawValue: String(name).trimmingSpaces()) else {
        throw .invalid("detectors", "must be some of \(DetectorKind.allCases.map(\.rawValue))")
      }
      kinds.insert(kind)
    }
    guard !kinds.isEmpty else { throw .invalid("detectors", "must not be empty") }
    return kinds
  }
}
