import Analysis
import CloudState
import NIOCore
import NodeTelemetry
import Synchronization

/// Threads that read and analyze datasets, and how many of them are under way.
struct AnalysisWorkers: Sendable {
  /// Parsing is cheap beside analyzing, and must not wait for it: an upload that nobody reads
  /// times out.
  private static let readers = 2

  private let ingest: BlockingPool
  private let analyzers: BlockingPool
  private let slots: Slots
  private let maxBytes: Int

  init(workers: Int, maxConcurrent: Int, maxBytes: Int) {
    // Slots bound what can be queued; the queues only have to hold as much.
    ingest = BlockingPool(
      name: "ingest", threads: Self.readers, queueLimit: maxConcurrent, niceness: 5)
    analyzers = BlockingPool(
      name: "analysis", threads: workers, queueLimit: maxConcurrent, niceness: 10)
    slots = Slots(maxConcurrent)
    self.maxBytes = maxBytes
  }

  var load: (waiting: Int, running: Int) { analyzers.load }
  var underWay: Int { slots.inUse }

  /// Takes a place for an analysis, from the first byte of its dataset to its report.
  ///
  /// - Throws: ``Failure`` if there is none.
  func withPlace<Value>(_ work: () async throws -> Value) async throws -> Value {
    guard let value = try await slots.withSlot(work) else {
      var failure = Failure.overloaded(
        "this node has as many analyses as it can hold; try again, or ask another node")
      failure.closesConnection = true
      throw failure
    }
    return value
  }

  func reader(for format: DatasetFormat, allowance: RowUsage) -> DatasetIngest {
    DatasetIngest(format: format, maxBytes: maxBytes, allowance: allowance, pool: ingest)
  }

  /// - Throws: `DatasetError`, or ``ClientGone`` if `client` left before the end.
  func analyze(
    _ table: Table, _ options: AnalysisOptions, for client: ClientPresence
  ) async throws -> Report {
    do {
      return try await analyzers.run {
        try Analyzer(options: options).analyze(table, isCancelled: { client.isGone })
      }
    } catch is AnalysisCancelled {
      throw ClientGone()
    }
  }
}

/// Whether the connection of a request still stands.
final class ClientPresence: Sendable {
  private let gone = Atomic<Bool>(false)

  init(_ channel: any Channel) {
    channel.closeFuture.whenComplete { [self] _ in gone.store(true, ordering: .relaxed) }
  }

  var isGone: Bool { gone.load(ordering: .relaxed) }
}
