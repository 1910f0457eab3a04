import Analysis
import CloudAPI
import CloudState
import Crypto
import Foundation

/// The answer to an analysis: the engine's report, with what the service knows of it.
///
/// The report is encoded before its rows are billed, so that what cannot be told is not billed; the
/// record, which exists only then, is put to it.
struct AnalysisAnswer: Sendable {
  private enum Content {
    /// A JSON object that is not empty.
    case object([UInt8])
    case page(ReportPage)
    case rows(FlaggedRowLines)
  }

  private let format: ReportFormat
  private let timings: AnalysisTimings
  private let content: Content

  init(_ report: Report, _ timings: AnalysisTimings, as format: ReportFormat) throws {
    self.format = format
    self.timings = timings
    content =
      switch format {
      case .json: .object(Array(try JSONEncoder.cleanCloud.encode(report)))
      case .html: .page(ReportPage(report))
      case .csv: .rows(report.flaggedRows(as: .csv))
      case .ndjson: .rows(report.flaggedRows(as: .ndjson))
      }
  }

  func answer(with record: AnalysisRecord) throws -> Answer {
    var answer = Answer(status: .ok, mediaType: format.mediaType)
    switch content {
    case .object(let report):
      // `{…}` and `{…}` become `{…,…}`.
      answer.body = Array(
        try JSONEncoder.cleanCloud.encode(RecordFields(record, timings)).dropLast())
      answer.body.append(UInt8(ascii: ","))
      answer.body += report.dropFirst()
    case .page(let page):
      answer.body = page.bytes(
        title: record.name,
        notes: [
          ("Analysis", record.id.rawValue),
          ("Finished", RFC3339.string(from: record.createdAt.date)),
        ])
      answer.headers[.contentSecurityPolicy] = Self.pagePolicy
    case .rows(let lines):
      answer.pieces = BodyPieces(lines)
      answer.headers[.contentDisposition] =
        "attachment; filename=\"\(record.id.rawValue).\(format.rawValue)\""
    }
    return answer
  }

  /// The page has one style and nothing else: no script, no image, no frame, nothing that is loaded.
  private static let pagePolicy: String = {
    let hash = Data(SHA256.hash(data: Data(ReportPage.style.utf8))).base64EncodedString()
    return "default-src 'none'; style-src 'sha256-\(hash)'; base-uri 'none'; form-action 'none'; "
      + "frame-ancestors 'none'; sandbox"
  }()
}
