import Analysis
import CloudAPI
import CloudState
import Foundation

/// The answer to an analysis: the engine's report, with what the service knows of it in the same
/// object.
///
/// The report is encoded before its rows are billed, so that what cannot be told is not billed; the
/// record, which exists only then, is put in front of it.
struct AnalysisAnswer: Sendable {
  /// A JSON object that is not empty.
  private let report: [UInt8]

  init(_ report: Report) throws {
    self.report = Array(try JSONEncoder.cleanCloud.encode(report))
  }

  func answer(with record: AnalysisRecord) throws -> Answer {
    // `{…}` and `{…}` become `{…,…}`.
    var body = Array(try JSONEncoder.cleanCloud.encode(Fields(record)).dropLast())
    body.append(UInt8(ascii: ","))
    body += report.dropFirst()
    return Answer(status: .ok, mediaType: "application/json", body: body)
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
}
