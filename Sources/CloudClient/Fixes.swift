import CloudAPI
import Foundation

/// What a fix shall do; what is nil or empty the service decides.
public struct FixSettings: Equatable, Sendable {
  /// How much to change: `conservative`, `moderate` or `aggressive`.
  public var strategy: String?
  /// Whether only to tell what would be done.
  public var isDryRun: Bool
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
    strategy: String? = nil, isDryRun: Bool = false, actions: [String] = [],
    relabelScore: Double? = nil, nearDuplicateScore: Double? = nil, outlierScore: Double? = nil,
    imputeShare: Double? = nil, flagColumn: String? = nil
  ) {
    self.strategy = strategy
    self.isDryRun = isDryRun
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
  /// The ID of the analysis that it began with.
  public var analysisID: String
  /// The dataset's rows.
  public var rowsIn: Int
  /// Those that are left.
  public var rowsOut: Int
  /// Actions of each kind that there are.
  public var actionCounts: [String: Int]
  /// The dataset as it is now; nil after a dry run.
  public var dataset: String?
  /// The whole answer as the service wrote it: a JSON object, in which `log` says what was done.
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
    var dataset: String?

    enum CodingKeys: String, CodingKey {
      case id, dataset
      case rowsIn = "rows_in"
      case rowsOut = "rows_out"
      case actionCounts = "action_counts"
    }
  }

  init(_ answer: Answer) throws(CloudError) {
    let fields = try answer.decoded(as: Fields.self)
    analysisID = fields.id
    rowsIn = fields.rowsIn
    rowsOut = fields.rowsOut
    actionCounts = fields.actionCounts
    dataset = fields.dataset
    json = answer.body
    requestID = answer.requestID
  }
}

extension CloudClient {
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
      of: "fix", to: dataset, query(of: settings) + query(of: options), progress)
    return try FixedDataset(answer)
  }

  private func query(of settings: FixSettings) -> Call.Query {
    func number(_ value: Double?) -> String? { value.map { "\($0)" } }
    return named("strategy", settings.strategy)
      + named("dry_run", settings.isDryRun ? "true" : nil)
      + named(
        "actions", settings.actions.isEmpty ? nil : settings.actions.joined(separator: ","))
      + named("relabel_score", number(settings.relabelScore))
      + named("near_duplicate_score", number(settings.nearDuplicateScore))
      + named("outlier_score", number(settings.outlierScore))
      + named("impute_share", number(settings.imputeShare))
      + named("flag_column", settings.flagColumn)
  }
}
