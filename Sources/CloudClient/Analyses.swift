import CloudAPI
import Foundation

/// A dataset in a file, of a kind that the service reads.
public struct DatasetFile: Equatable, Sendable {
  /// Where the file is.
  public var path: String
  /// What it holds: `text/csv`, `application/x-ndjson` or `application/json`.
  public var mediaType: String

  /// A file whose kind is known.
  public init(path: String, mediaType: String) {
    self.path = path
    self.mediaType = mediaType
  }

  /// A file whose kind follows from its extension (`csv`, `ndjson`, `jsonl`, `json`), or nil when
  /// it does not.
  public init?(path: String) {
    let types = [
      "csv": "text/csv", "ndjson": "application/x-ndjson", "jsonl": "application/x-ndjson",
      "json": "application/json",
    ]
    let fileExtension = URL(fileURLWithPath: path).pathExtension.lowercased()
    guard let mediaType = types[fileExtension] else { return nil }
    self.init(path: path, mediaType: mediaType)
  }
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
  /// The workspace; without it, the one that the client's token works in.
  public var workspaceID: String?

  /// Options; leave out what the service shall decide.
  public init(
    labelColumn: String? = nil, taskType: String? = nil, detectors: [String] = [],
    name: String? = nil, seed: UInt64? = nil, workspaceID: String? = nil
  ) {
    self.labelColumn = labelColumn
    self.taskType = taskType
    self.detectors = detectors
    self.name = name
    self.seed = seed
    self.workspaceID = workspaceID
  }
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

extension CloudClient {
  /// Sends a dataset and returns the report on it.
  ///
  /// The file is read while it is sent and never held whole; the report is. `progress` is called
  /// with what was sent so far, on threads of the client's, and from zero again if the upload
  /// moves to another node. An analysis whose answer is lost runs anew there and is billed once.
  public func analyze(
    _ dataset: DatasetFile, options: AnalyzeOptions = AnalyzeOptions(),
    progress: @escaping @Sendable (UploadProgress) -> Void = { _ in }
  ) async throws(CloudError) -> AnalysisReport {
    let detectors = options.detectors.isEmpty ? nil : options.detectors.joined(separator: ",")
    let call = Call(
      method: .POST, path: "/api/v1/analyze",
      query: named("label_column", options.labelColumn) + named("task_type", options.taskType)
        + named("detectors", detectors) + named("name", options.name)
        + named("seed", options.seed.map(String.init))
        + named("workspace_id", options.workspaceID),
      headers: [idempotency],
      body: Call.Body(
        mediaType: dataset.mediaType, source: .file(path: dataset.path, progress: progress)),
      timeout: nodes.timeouts.analysis, repetition: .replayed)
    let answer = try await send(call)
    guard answer.status == 200 else {
      throw .invalidResponse(
        EndpointFailure(
          endpoint: answer.endpoint.description,
          reason: "status \(answer.status) where a report was expected"),
        requestID: answer.requestID)
    }
    return AnalysisReport(json: answer.body, requestID: answer.requestID)
  }
}
