import Analysis
import CloudState

/// What an analysis was asked to do, checked before a byte of the dataset is read.
struct AnalysisRequest: Sendable {
  var format: UploadFormat
  var coding: ContentCoding
  var name: String
  var options: AnalysisOptions
  /// How large the dataset may be, with its reference.
  var limits: DatasetLimits
  /// How long the body will be once it is unpacked, if that is known.
  let expectedBytes: Int?
  /// Why there may be no reference; nil if there may.
  private(set) var referenceRefusal: Failure?
  /// Whether there may be a log.
  var takesLog = false

  /// - Throws: ``Failure`` for what is malformed.
  init(_ request: APIRequest, maxBytes: Int) throws(Failure) {
    format = try UploadFormat(request)
    coding = try request.contentCoding
    if let length = request.contentLength, length > maxBytes + format.overhead {
      throw format.tooLarge(maxBytes: maxBytes)
    }
    expectedBytes = coding == .identity ? request.contentLength : nil
    limits = DatasetLimits(maxBytes: maxBytes)
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
      detectors: try Self.detectors(request), parameters: try Self.parameters(request),
      probabilityPrefix: try Self.text("pred_probs_prefix", request),
      predictionColumn: try Self.text("prediction_column", request),
      sensitiveColumns: try Self.columns("sensitive_columns", request),
      timeColumn: try Self.text("time_column", request),
      splitColumn: try Self.text("split_column", request), seed: try Self.seed(request))
    do throws(OptionError) {
      try options.validate()
    } catch {
      throw .invalid(error.option, error.message)
    }
  }

  /// Cells that a dataset may have for each row of the plan's month: what work and memory a row may
  /// ask for is as much a matter of the plan as the rows are.
  static let cellsPerMonthlyRow = 100

  /// Looks for all that the plan includes, if nothing else was asked for, in as many cells.
  ///
  /// - Parameter permission: What the caller is about to use.
  /// - Throws: ``Failure`` for what is not part of the plan.
  mutating func fit(
    to plan: CloudState.Plan, for permission: CloudState.Permission
  ) throws(Failure) {
    if let rows = plan.maxRows {
      let cells = rows.multipliedReportingOverflow(by: Int64(Self.cellsPerMonthlyRow))
      if !cells.overflow { limits.maxCells = min(limits.maxCells, Int(cells.partialValue)) }
    }
    defer { referenceRefusal = refusalOfReference(by: plan, for: permission) }
    if plan.allFeatures { return }
    let extra = (options.detectors ?? []).subtracting(DetectorKind.basic)
    guard extra.isEmpty else {
      let names = extra.map(\.rawValue).sorted().joined(separator: ", ")
      throw .forbidden(permission, "the plan \(plan.id.rawValue) does not include \(names)")
    }
    options.detectors = options.detectors ?? DetectorKind.basic
  }

  /// A reference that nothing would be compared with is not read, and not billed.
  private func refusalOfReference(
    by plan: CloudState.Plan, for permission: CloudState.Permission
  ) -> Failure? {
    guard permission == .analyze else {
      return .invalid("reference", "is no part of the form: a fix compares nothing with it")
    }
    let comparing = DetectorKind.comparing
    guard options.detectors?.isDisjoint(with: comparing) == true else { return nil }
    let names = comparing.map(\.rawValue).sorted().joined(separator: " and ")
    guard plan.allFeatures else {
      return .forbidden(
        permission,
        "a reference is for \(names), which the plan \(plan.id.rawValue) does not include")
    }
    return Failure.unprocessable(
      "A reference is for \(names), and neither is among the detectors asked for."
    ).ofReference()
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

  /// What is there must not be empty.
  private static func text(_ name: String, _ request: APIRequest) throws(Failure) -> String? {
    guard let text = request.query(name) else { return nil }
    guard !text.isEmpty else { throw .invalid(name, "must not be empty") }
    return text
  }

  private static func columns(
    _ name: String, _ request: APIRequest
  ) throws(Failure) -> [String]? {
    guard let text = request.query(name) else { return nil }
    let columns = text.split(separator: ",", omittingEmptySubsequences: false).map {
      String($0).trimmingSpaces()
    }
    guard !columns.contains("") else {
      throw .invalid(name, "must be names of columns, separated by commas")
    }
    return columns
  }

  /// Parameters of detectors: `missing_values.min_effect=0.2`. No other name in the query has a dot.
  private static func parameters(
    _ request: APIRequest
  ) throws(Failure) -> [DetectorKind: [String: ParameterValue]] {
    var parameters: [DetectorKind: [String: ParameterValue]] = [:]
    for name in request.queryNames where name.contains(".") {
      let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
      let shown = String(name.prefix(100))
      guard let kind = DetectorKind(rawValue: String(parts[0])) else {
        throw .invalid(
          shown, "must begin with the name of a detector: \(DetectorKind.allCases.map(\.rawValue))")
      }
      // Whether there is such a parameter, and what it may be, the options know.
      let parameter = String(parts[1].prefix(100))
      let text = request.query(name) ?? ""
      let declared = kind.parameters.first { $0.name == parameter }
      let number =
        declared?.isNumber == true ? Double(text).flatMap { $0.isFinite ? $0 : nil } : nil
      parameters[kind, default: [:]][parameter] = number.map(ParameterValue.number) ?? .text(text)
    }
    return parameters
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
