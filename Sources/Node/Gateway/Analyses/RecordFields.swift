import CloudState
import Foundation

/// What the answers to an analysis and to a fix say of the record that is kept of it.
struct RecordFields: Encodable {
  private let id: String
  private let workspaceID: String
  private let name: String
  private let rows: Int64
  private let createdAt: Date
  private let timings: AnalysisTimings?

  init(_ record: AnalysisRecord, _ timings: AnalysisTimings? = nil) {
    id = record.id.rawValue
    workspaceID = record.workspaceID.rawValue
    name = record.name
    rows = record.rows
    createdAt = record.createdAt.date
    self.timings = timings
  }

  private enum CodingKeys: String, CodingKey {
    case id, name, rows, timings
    case workspaceID = "workspace_id"
    case createdAt = "created_at"
  }
}
