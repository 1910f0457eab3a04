import CloudAPI
import Foundation

/// A dataset in a file, of a kind that the service reads.
public struct DatasetFile: Equatable, Sendable {
  /// Where the file is.
  public var path: String
  /// What it holds: `text/csv`, `text/tab-separated-values`, `application/x-ndjson` or
  /// `application/json`.
  public var mediaType: String

  /// How its characters are encoded, such as `iso-8859-1`; nil for UTF-8.
  public var charset: String?

  /// A file whose kind is known.
  public init(path: String, mediaType: String, charset: String? = nil) {
    self.path = path
    self.mediaType = mediaType
    self.charset = charset
  }

  /// A file whose kind follows from its extension (`csv`, `tsv`, `ndjson`, `jsonl`, `json`), or nil
  /// when it does not.
  public init?(path: String, charset: String? = nil) {
    let types = [
      "csv": "text/csv", "tsv": "text/tab-separated-values", "ndjson": "application/x-ndjson",
      "jsonl": "application/x-ndjson", "json": "application/json",
    ]
    let fileExtension = URL(fileURLWithPath: path).pathExtension.lowercased()
    guard let mediaType = types[fileExtension] else { return nil }
    self.init(path: path, mediaType: mediaType, charset: charset)
  }

  var contentType: String { charset.map { "\(mediaType); charset=\($0)" } ?? mediaType }
}

/// What an analysis shall look at; what is nil or empty the service decides.
public struct AnalyzeOptions: Equatable, Sendable {
  /// The column that holds the labels.
  public var labelColumn: String?
  /// What the labels are for, such as `classification`.
  public var taskType: String?
  /// The detectors to run.
  public var detectors: [String]
  /// The name the analysis is found by.
  public var name: String?
  /// The seed of everything random in the analysis.
  public var seed: UInt64?
  /// Values of detectors' parameters, such as `missing_values.min_effect`.
  public var parameters: [String: String]
  /// The beginning of the names of columns that hold out-of-sample probabilities, one a class.
  public var probabilityPrefix: String?
  /// The column that holds a model's predictions of the label, or probabilities of the second of two
  /// classes.
  public var predictionColumn: String?
  /// The columns that say who a row is about.
  public var sensitiveColumns: [String]
  /// The column along which the data may drift.
  public var timeColumn: String?
  /// The column that says which part of a split a row belongs to.
  public var splitColumn: String?
  /// The workspace; without it, the one that the client's token works in.
  public var workspaceID: String?

  /// Options; leave out what the service shall decide.
  public init(
    labelColumn: String? = nil, taskType: String? = nil, detectors: [String] = [],
    name: String? = nil, seed: UInt64? = nil, parameters: [String: String] = [:],
    probabilityPrefix: String? = nil, predictionColumn: String? = nil,
    sensitiveColumns: [String] = [], timeColumn: String? = nil, splitColumn: String? = nil,
    workspaceID: String? = nil
  ) {
    self.labelColumn = labelColumn
    self.taskType = taskType
    self.detectors = detectors
    self.name = name
    self.seed = seed
    self.parameters = parameters
    self.probabilityPrefix = probabilityPrefix
    self.predictionColumn = predictionColumn
    self.sensitiveColumns = sensitiveColumns
    self.timeColumn = timeColumn
    self.splitColumn = splitColumn
    self.workspaceID = workspaceID
  }
}

/// What a report is written as.
public enum ReportFormat: String, CaseIterable, Sendable {
  /// All of it, the flagged rows up to a bound.
  case json
  /// A page for people, which stands by itself.
  case html
  /// All flagged rows.
  case csv
  /// All flagged rows, an object in each line.
  case ndjson
}

/// A finished analysis.
public struct AnalysisReport: Equatable, Sendable {
  /// The report as the service wrote it: a JSON object.
  public var json: Data
  /// The ID of the request that made it.
  public var requestID: String?

  /// A report as received.
  public init(json: Data, requestID: String? = nil) {
    self.json = json
    self.requestID = requestID
  }
}

extension Call.Body {
  /// A dataset alone, or in a form (RFC 7578) with what belongs to it.
  fileprivate init(
    _ dataset: DatasetFile, reference: DatasetFile?, log: Data?,
    _ progress: @escaping @Sendable (UploadProgress) -> Void
  ) {
    guard reference != nil || log != nil else {
      self.init(
        mediaType: dataset.contentType,
        source: BodySource(pieces: [.file(path: dataset.path)], progress: progress))
      return
    }
    // Random, so that no dataset has it in it.
    let boundary = UUID().uuidString
    func part(_ name: String, _ type: String, _ content: BodySource.Piece) -> [BodySource.Piece] {
      let head = """
        --\(boundary)\r\nContent-Disposition: form-data; name="\(name)"; filename="\(name)"\r
        Content-Type: \(type)\r\n\r\n
        """
      return [.bytes(Data(head.utf8)), content, .bytes(Data("\r\n".utf8))]
    }
    var pieces = part("file", dataset.contentType, .file(path: dataset.path))
    if let reference {
      pieces += part("reference", reference.contentType, .file(path: reference.path))
    }
    if let log { pieces += part("log", "application/json", .bytes(log)) }
    self.init(
      mediaType: "multipart/form-data; boundary=\(boundary)",
      source: BodySource(
        pieces: pieces + [.bytes(Data("--\(boundary)--\r\n".utf8))], progress: progress))
  }
}

extension CloudClient {
  /// Sends a dataset and returns the report on it.
  ///
  /// The file is read while it is sent and never held whole; the report is. `progress` is called
  /// with what was sent so far, on threads of the client's, and from zero again if the upload
  /// moves to another node. An analysis whose answer is lost runs anew there and is billed once.
  ///
  /// - Parameter reference: a dataset that the first is compared with, for drift and for the shares
  ///   of groups. Its rows are billed, too.
  public func analyze(
    _ dataset: DatasetFile, reference: DatasetFile? = nil,
    options: AnalyzeOptions = AnalyzeOptions(),
    progress: @escaping @Sendable (UploadProgress) -> Void = { _ in }
  ) async throws(CloudError) -> AnalysisReport {
    let answer = try await answer(
      of: "analyze", to: dataset, reference: reference, query(of: options), progress)
    return AnalysisReport(json: answer.body, requestID: answer.requestID)
  }

  /// Sends a dataset and returns the report on it as the service wrote it in this format; else as
  /// ``analyze(_:reference:options:progress:)`` does.
  public func report(
    on dataset: DatasetFile, reference: DatasetFile? = nil, as format: ReportFormat,
    options: AnalyzeOptions = AnalyzeOptions(),
    progress: @escaping @Sendable (UploadProgress) -> Void = { _ in }
  ) async throws(CloudError) -> Data {
    try await answer(
      of: "analyze", to: dataset, reference: reference,
      query(of: options) + named("format", format.rawValue), progress
    ).body
  }

  /// What the service answers to a dataset that is sent for `purpose`, `analyze` or `fix`.
  func answer(
    of purpose: String, to dataset: DatasetFile, reference: DatasetFile? = nil, log: Data? = nil,
    as mediaType: String? = nil, _ query: Call.Query,
    _ progress: @escaping @Sendable (UploadProgress) -> Void
  ) async throws(CloudError) -> Answer {
    let accept = mediaType.map { [(name: "Accept", value: "\($0), application/problem+json")] }
    let call = Call(
      method: .POST, path: "/api/v1/\(purpose)", query: query,
      headers: [idempotency] + (accept ?? []),
      body: Call.Body(dataset, reference: reference, log: log, progress),
      timeout: nodes.timeouts.analysis, repetition: .replayed)
    let answer = try await send(call)
    guard answer.status == 200 else {
      throw .invalidResponse(
        EndpointFailure(
          endpoint: answer.endpoint.description,
          reason: "status \(answer.status) where a result was expected"),
        requestID: answer.requestID)
    }
    return answer
  }

  func query(of options: AnalyzeOptions) -> Call.Query {
    func list(_ names: [String]) -> String? { names.isEmpty ? nil : names.joined(separator: ",") }
    return named("label_column", options.labelColumn) + named("task_type", options.taskType)
      + named("detectors", list(options.detectors)) + named("name", options.name)
      + named("seed", options.seed.map(String.init))
      + named("pred_probs_prefix", options.probabilityPrefix)
      + named("prediction_column", options.predictionColumn)
      + named("sensitive_columns", list(options.sensitiveColumns))
      + named("time_column", options.timeColumn) + named("split_column", options.splitColumn)
      + options.parameters.sorted { $0.key < $1.key }.flatMap { named($0.key, $0.value) }
      + named("workspace_id", options.workspaceID)
  }
}
