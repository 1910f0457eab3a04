import CloudAPI
import Foundation

/// What a fix shall do; what is nil or empty the service decides.
public struct FixSettings: Equatable, Sendable {
  /// How much to change: `conservative`, `moderate` or `aggressive`.
  public var strategy: String?
  /// Whether only to tell what would be done.
  public var isDryRun: Bool
  /// Whether the result is analyzed, too, to tell what was gained; takes about as long again.
  public var isVerified: Bool
  /// The kinds of action to take, such as `deduplicate`.
  public var actions: [String]
  /// The least score of a label error that is relabelled.
  public var relabelScore: Double?
  /// The least score of a near duplicate that is left out.
  public var nearDuplicateScore: Double?
  /// The least score of an outlier that is left out.
  public var outlierScore: Double?
  /// The share of missing cells below which a column is filled in.
  public var imputeShare: Double?
  /// A column to append, with the detectors that flagged each row.
  public var flagColumn: String?

  /// Settings; leave out what the service shall decide.
  public init(
    strategy: String? = nil, isDryRun: Bool = false, isVerified: Bool = true,
    actions: [String] = [],
    relabelScore: Double? = nil, nearDuplicateScore: Double? = nil, outlierScore: Double? = nil,
    imputeShare: Double? = nil, flagColumn: String? = nil
  ) {
    self.strategy = strategy
    self.isDryRun = isDryRun
    self.isVerified = isVerified
    self.actions = actions
    self.relabelScore = relabelScore
    self.nearDuplicateScore = nearDuplicateScore
    self.outlierScore = outlierScore
    self.imputeShare = imputeShare
    self.flagColumn = flagColumn
  }
}

/// What a fix did.
public struct FixedDataset: Equatable, Sendable {
  /// The ID of the analysis that it began with, or of the replay.
  public var analysisID: String
  /// The dataset's rows.
  public var rowsIn: Int
  /// Those that are left.
  public var rowsOut: Int
  /// Actions of each kind that there are.
  public var actionCounts: [String: Int]
  /// The quality score of the dataset as it was; nil if no detector ran, and of a replay.
  public var qualityBefore: Double?
  /// The quality score of the dataset as it is now; nil, too, if that was not asked.
  public var qualityAfter: Double?
  /// The dataset as it is now, encoded as it was; nil after a dry run.
  public var dataset: Data?
  /// What was done, as JSON, to be done again with
  /// ``CloudClient/replay(_:on:isDryRun:name:workspaceID:progress:)``.
  public var log: Data
  /// The answer but for log and dataset as the service wrote it: a JSON object.
  public var json: Data
  /// The ID of the request that made it.
  public var requestID: String?
}

extension FixedDataset {
  /// The fields that are read.
  private struct Fields: Decodable {
    var id: String
    var rowsIn: Int
    var rowsOut: Int
    var actionCounts: [String: Int]
    var qualityBefore: Double?
    var qualityAfter: Double?

    enum CodingKeys: String, CodingKey {
      case id
      case rowsIn = "rows_in"
      case rowsOut = "rows_out"
      case actionCounts = "action_counts"
      case qualityBefore = "quality_score_before"
      case qualityAfter = "quality_score_after"
    }
  }

  init(_ answer: Answer) throws(CloudError) {
    let parts = try AnswerParts(answer)
    json = try parts.require("result")
    log = try parts.require("log")
    dataset = parts["file"]
    requestID = answer.requestID
    let fields: Fields
    do {
      fields = try JSONDecoder.cleanCloud.decode(Fields.self, from: json)
    } catch {
      throw answer.invalid("its answer is no result of a fix")
    }
    analysisID = fields.id
    rowsIn = fields.rowsIn
    rowsOut = fields.rowsOut
    actionCounts = fields.actionCounts
    qualityBefore = fields.qualityBefore
    qualityAfter = fields.qualityAfter
  }
}

extension CloudClient {
  /// The dataset comes in its own bytes, whatever its encoding.
  private static let answerType = "multipart/form-data"

  /// Sends a dataset and returns it mended, with what was done.
  ///
  /// It begins with an analysis, which is billed as any other. The file is sent as
  /// ``analyze(_:reference:options:progress:)`` does; the result is held whole.
  public func fix(
    _ dataset: DatasetFile, settings: FixSettings = FixSettings(),
    options: AnalyzeOptions = AnalyzeOptions(),
    progress: @escaping @Sendable (UploadProgress) -> Void = { _ in }
  ) async throws(CloudError) -> FixedDataset {
    let answer = try await answer(
      of: "fix", to: dataset, as: Self.answerType, query(of: settings) + query(of: options),
      progress)
    return try FixedDataset(answer)
  }

  /// Does again what the log of a fix says, and nothing else; its rows are billed, too.
  ///
  /// It is refused if the dataset is not the one that the log is of, by its SHA-256; if the log has none,
  /// by the number of rows, and where a cell does not hold what it held.
  public func replay(
    _ log: Data, on dataset: DatasetFile, isDryRun: Bool = false, name: String? = nil,
    workspaceID: String? = nil, progress: @escaping @Sendable (UploadProgress) -> Void = { _ in }
  ) async throws(CloudError) -> FixedDataset {
    let answer = try await answer(
      of: "fix", to: dataset, log: log, as: Self.answerType,
      named("dry_run", isDryRun ? "true" : nil) + named("name", name)
        + named("workspace_id", workspaceID), progress)
    return try FixedDataset(answer)
  }

  private func query(of settings: FixSettings) -> Call.Query {
    func number(_ value: Double?) -> String? { value.map { "\($0)" } }
    return named("strategy", settings.strategy)
      + named("dry_run", settings.isDryRun ? "true" : nil)
      + named("verify", settings.isVerified ? nil : "false")
      + named(
        "actions", settings.actions.isEmpty ? nil : settings.actions.joined(separator: ","))
      + named("relabel_score", number(settings.relabelScore))
      + named("near_duplicate_score", number(settings.nearDuplicateScore))
      + named("outlier_score", number(settings.outlierScore))
      + named("impute_share", number(settings.imputeShare))
      + named("flag_column", settings.flagColumn)
  }
}
