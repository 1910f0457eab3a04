import Analysis
import CloudAPI
import CloudState
import Foundation
import HTTPTypes

/// The answer to a fix: what was done and the dataset as it is now, or that dataset alone.
///
/// All but the record is encoded before its rows are billed, as with ``AnalysisAnswer``.
struct FixAnswer: Sendable {
  private let plan: FixPlan
  /// A JSON object that is not empty; nil if the dataset alone is wanted.
  private let object: [UInt8]?
  private let dataset: [UInt8]

  /// - Parameters:
  ///   - dataset: Nil for a dry run.
  ///   - isBare: Whether the dataset alone is wanted.
  init(_ report: Report, _ plan: FixPlan, dataset: [UInt8]?, isBare: Bool) throws {
    self.plan = plan
    self.dataset = dataset ?? []
    guard !isBare else {
      object = nil
      return
    }
    let content = Content(
      strategy: plan.strategy.rawValue, dryRun: dataset == nil, rowsIn: plan.dataset.rows,
      rowsOut: plan.rowsOut, actionCounts: Self.counts(plan), qualityScore: report.qualityScore,
      log: plan, dataset: dataset.map { plan.dataset.layout.encoding.text(of: $0) })
    object = Array(try JSONEncoder.cleanCloud.encode(content))
  }

  func answer(with record: AnalysisRecord) throws -> Answer {
    guard let object else {
      let layout = plan.dataset.layout
      var answer = Answer(
        status: .ok, mediaType: layout.format.mediaType(in: layout.encoding), body: dataset)
      answer.headers[.cleanAnalysis] = record.id.rawValue
      answer.headers[.cleanFixCounts] = Self.counts(plan).sorted { $0.key < $1.key }
        .map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
      return answer
    }
    // `{…}` and `{…}` become `{…,…}`.
    var body = Array(try JSONEncoder.cleanCloud.encode(Fields(record)).dropLast())
    body.append(UInt8(ascii: ","))
    body += object.dropFirst()
    return Answer(status: .ok, mediaType: "application/json", body: body)
  }

  private static func counts(_ plan: FixPlan) -> [String: Int] {
    Dictionary(uniqueKeysWithValues: plan.counts.map { ($0.key.rawValue, $0.value) })
  }

  private struct Fields: Encodable {
    var id: String
    var workspaceID: String
    var name: String
    var rows: Int64
    var createdAt: Date

    init(_ record: AnalysisRecord) {
      id = record.id.rawValue
      workspaceID = record.workspaceID.rawValue
      name = record.name
      rows = record.rows
      createdAt = record.createdAt.date
    }

    enum CodingKeys: String, CodingKey {
      case id, name, rows
      case workspaceID = "workspace_id"
      case createdAt = "created_at"
    }
  }

  private struct Content: Encodable {
    var strategy: String
    var dryRun: Bool
    var rowsIn: Int
    var rowsOut: Int
    var actionCounts: [String: Int]
    var qualityScore: Double?
    var log: FixPlan
    var dataset: String?

    enum CodingKeys: String, CodingKey {
      case strategy, log, dataset
      case dryRun = "dry_run"
      case rowsIn = "rows_in"
      case rowsOut = "rows_out"
      case actionCounts = "action_counts"
      case qualityScore = "quality_score_before"
    }
  }
}

extension DatasetFormat {
  /// The media type of a dataset in this format and encoding.
  func mediaType(in encoding: DatasetEncoding) -> String {
    self == .csv || encoding != .utf8
      ? "\(mediaType); charset=\(encoding.rawValue)" : mediaType
  }
}

extension HTTPField.Name {
  static let cleanAnalysis = Self("Clean-Analysis")!
  static let cleanFixCounts = Self("Clean-Fix-Counts")!
}
