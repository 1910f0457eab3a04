import Analysis
import CloudState
import NodeTelemetry

/// Threads that read and analyze datasets, and how many of them are under way.
struct AnalysisWorkers: Sendable {
  /// Parsing is cheap beside analyzing, and must not wait for it: an upload that nobody reads
  /// times out.
  private static let readers = 2

  private let ingest: BlockingPool
  private let analyzers: BlockingPool
  private let places: AnalysisPlaces

  init(workers: Int, maxConcurrent: Int) {
    // Places bound what can be queued; the queues only have to hold as much.
    ingest = BlockingPool(
      name: "ingest", threads: Self.readers, queueLimit: maxConcurrent, urgency: .nice(5))
    analyzers = BlockingPool(
      name: "analysis", threads: workers, queueLimit: maxConcurrent, urgency: .nice(10))
    places = AnalysisPlaces(maxConcurrent)
  }

  var load: (waiting: Int, running: Int) { analyzers.load }
  var underWay: Int { places.inUse }

  /// Takes a place for an analysis, from the first byte of its dataset to the last piece of its answer.
  ///
  /// - Throws: ``AnalysisPlaces/Full`` if there is none, or what `work` throws.
  func withPlace(
    for workspace: WorkspaceID, by user: UserID?, _ work: () async throws -> Answer
  ) async throws -> Answer {
    let place = try places.take(for: workspace, by: user)
    do {
      var answer = try await work()
      if let pieces = answer.pieces {
        answer.pieces = pieces.ending { place.leave() }
      } else {
        place.leave()
      }
      return answer
    } catch {
      place.leave()
      throw error
    }
  }

  /// - Throws: ``Failure`` if there is no memory for it.
  func reader(
    for request: AnalysisRequest, allowance: RowAllowance, isHashed: Bool,
    keptIn kept: KeptDataset? = nil
  ) throws -> DatasetIngest {
    try DatasetIngest(
      format: request.format, coding: request.coding, limits: request.limits,
      expectedBytes: request.expectedBytes, referenceRefusal: request.referenceRefusal,
      takesLog: request.takesLog,
      allowance: allowance, isHashed: isHashed, keptIn: kept, pool: ingest)
  }

  /// Works on a thread for analyses.
  ///
  /// - Parameter work: Is given what to ask from time to time, and to throw `AnalysisCancelled` if
  ///   that is so.
  /// - Throws: What `work` throws, or ``ClientGone`` if `client` left before the end.
  func run<Value: Sendable>(
    for client: ClientPresence,
    _ work: @escaping @Sendable (_ isCancelled: @escaping @Sendable () -> Bool) throws -> Value
  ) async throws -> Value {
    do {
      return try await analyzers.run { try work { client.isGone } }
    } catch is AnalysisCancelled {
      throw ClientGone()
    }
  }
}
