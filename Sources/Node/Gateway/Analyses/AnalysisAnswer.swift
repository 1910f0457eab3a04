import Analysis
import CloudState
import Foundation

/// The answer to an analysis: the engine's report, with what the service knows of it in the same
/// object.
struct AnalysisAnswer: Encodable {
  var record: AnalysisRecord
  var report: Report

  func encode(to encoder: any Encoder) throws {
    try report.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(record.id.rawValue, forKey: .id)
    try container.encode(record.workspaceID.rawValue, forKey: .workspaceID)
    try container.encode(record.name, forKey: .name)
    try container.encode(record.rows, forKey: .rows)
    try container.encode(record.createdAt.date, forKey: .createdAt)
  }

  enum CodingKeys: String, CodingKey {
    case id, name, rows
    case workspaceID = "workspace_id"
    case createdAt = "created_at"
  }
}
