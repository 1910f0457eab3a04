import Analysis
import CloudAPI
import CloudState
import Foundation
import HTTPTypes

/// The answer to a fix: what was done and the dataset as it is now, together or that dataset alone.
///
/// What can fail is made before its rows are billed, as with ``AnalysisAnswer``; the log and the dataset are written
/// while they are sent.
struct FixAnswer: Sendable {
  /// What is answered.
  enum Form: Sendable {
    /// All in one object.
    case json
    /// The dataset alone, as the media type says.
    case dataset(type: String)
    /// A form (RFC 7578) with the parts `result`, `log` and `file`.
    case form
  }

  private let form: Form
  private let mended: MendedDataset
  private let log: FixLog
  /// A JSON object that is not empty.
  private let result: [UInt8]
  private let length: Int?

  init(_ mended: MendedDataset, as form: Form) throws {
    self.form = form
    self.mended = mended
    log = try mended.plan.log()
    result = Array(try JSONEncoder.cleanCloud.encode(Result(mended)))
    length = try mended.bytes?.count
  }

  func answer(with record: AnalysisRecord) throws -> Answer {
    // `{…}` and `{…}` become `{…,…}`.
    let fields = Array(try JSONEncoder.cleanCloud.encode(RecordFields(record)).dropLast())
    let object = fields + [UInt8(ascii: ",")] + result.dropFirst()
    switch form {
    case .json: return json(object)
    case .form: return parts(object)
    case .dataset(let type):
      let layout = mended.plan.dataset.layout
      var answer = Answer(
        status: .ok, mediaType: layout.format.mediaType(type, in: layout.encoding))
      answer.pieces = mended.bytes?.pieces
      answer.length = length
      answer.headers[.cleanAnalysis] = record.id.rawValue
      answer.headers[.cleanFixCounts] = Self.counts(mended.plan).sorted { $0.key < $1.key }
        .map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
      return answer
    }
  }

  private func json(_ object: [UInt8]) -> Answer {
    var bodies = [
      BodyPieces(CollectionOfOne(Array(object.dropLast()))), BodyPieces(",\"log\":"),
      BodyPieces(log),
    ]
    if let bytes = mended.bytes {
      let encoding = mended.plan.dataset.layout.encoding
      bodies += [
        BodyPieces(",\"dataset\":\""),
        bytes.pieces.map { piece in
          var text: [UInt8] = []
          text.reserveCapacity(piece.count + piece.count / 8)
          encoding.decoded(piece).withUnsafeBytes { JSONText.appendEscaped($0, to: &text) }
          return text
        },
        BodyPieces("\""),
      ]
    }
    var answer = Answer(status: .ok, mediaType: "application/json")
    answer.pieces = BodyPieces(bodies + [BodyPieces("}")])
    return answer
  }

  private func parts(_ object: [UInt8]) -> Answer {
    // Random, so that no dataset has it in it.
    let boundary = Random.hexadecimal(bytes: 16)
    func head(_ name: String, _ type: String, filename: String? = nil) -> BodyPieces {
      BodyPieces(
        "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\""
          + (filename.map { "; filename=\"\($0)\"" } ?? "") + "\r\nContent-Type: \(type)\r\n\r\n")
    }
    let end = BodyPieces("\r\n")
    var bodies = [
      head("result", "application/json"), BodyPieces(CollectionOfOne(object)), end,
      head("log", "application/json", filename: "log.json"), BodyPieces(log), end,
    ]
    if let bytes = mended.bytes {
      let layout = mended.plan.dataset.layout
      let type = layout.format.mediaType(layout.format.mediaType, in: layout.encoding)
      let filename = "mended.\(layout.format.rawValue)"
      bodies += [head("file", type, filename: filename), bytes.pieces, end]
    }
    var answer = Answer(
      status: .ok, mediaType: "\(UploadFormat.formType); boundary=\(boundary)")
    answer.pieces = BodyPieces(bodies + [BodyPieces("--\(boundary)--\r\n")])
    return answer
  }

  private static func counts(_ plan: FixPlan) -> [String: Int] {
    Dictionary(uniqueKeysWithValues: plan.counts.map { ($0.key.rawValue, $0.value) })
  }

  private struct Result: Encodable {
    var strategy: String
    var dryRun: Bool
    var replayed: Bool
    var rowsIn: Int
    var rowsOut: Int
    var actionCounts: [String: Int]
    var scoreBefore: Double?
    var scoreAfter: Double?
    var flaggedBefore: [String: Int]?
    var flaggedAfter: [String: Int]?

    init(_ mended: MendedDataset) {
      strategy = mended.plan.strategy.rawValue
      dryRun = mended.bytes == nil
      replayed = mended.isReplay
      rowsIn = mended.plan.dataset.rows
      rowsOut = mended.plan.rowsOut
      actionCounts = FixAnswer.counts(mended.plan)
      scoreBefore = mended.before?.qualityScore
      scoreAfter = mended.after?.qualityScore
      flaggedBefore = mended.before?.flagged
      flaggedAfter = mended.after?.flagged
    }

    enum CodingKeys: String, CodingKey {
      case strategy, replayed
      case dryRun = "dry_run"
      case rowsIn = "rows_in"
      case rowsOut = "rows_out"
      case actionCounts = "action_counts"
      case scoreBefore = "quality_score_before"
      case scoreAfter = "quality_score_after"
      case flaggedBefore = "flagged_before"
      case flaggedAfter = "flagged_after"
    }
  }
}

extension FixAnswer.Form {
  /// What the client likes best.
  ///
  /// - Throws: ``Failure`` if it takes none. A dry run has no dataset to answer.
  init(_ accept: String?, for layout: DatasetLayout, isDryRun: Bool) throws(Failure) {
    let json = DatasetFormat.json.mediaType
    var datasetTypes: [String] = []
    if !isDryRun, layout.format != .json {
      datasetTypes = [layout.format.mediaType]
      if layout.delimiter == "\t" { datasetTypes.append(DatasetFormat.tabSeparatedType) }
    }
    let types = [json] + datasetTypes + [UploadFormat.formType]
    switch MediaRanges(accept).preferred(of: types) {
    case nil:
      throw .notAcceptable("this fix can be had as \(types.joined(separator: ", "))")
    case json: self = .json
    case UploadFormat.formType: self = .form
    case .some(let type): self = .dataset(type: type)
    }
  }
}

extension DatasetFormat {
  static let tabSeparatedType = "text/tab-separated-values"

  /// A media type of this format, in an encoding.
  func mediaType(_ type: String, in encoding: DatasetEncoding) -> String {
    self == .csv || encoding != .utf8 ? "\(type); charset=\(encoding.rawValue)" : type
  }
}

extension HTTPField.Name {
  static let cleanAnalysis = Self("Clean-Analysis")!
  static let cleanFixCounts = Self("Clean-Fix-Counts")!
}
