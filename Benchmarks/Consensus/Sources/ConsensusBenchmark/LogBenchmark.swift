import Foundation
import Measuring
import Raft

/// Batches through the log, each made durable, against bare writes of as many bytes to a file that is
/// made beforehand, each made durable. The two take turns, so that both see the same noise.
enum LogBenchmark {
  private static let rounds = 41

  static func run(in scratch: String) throws {
    report("The log against pwrite and fdatasync of as many bytes:")
    for size in [128, 1024, 4096] {
      for batch in [1, 16, 256] { try measure(batch: batch, size: size, in: scratch) }
    }
  }

  private static func measure(batch: Int, size: Int, in scratch: String) throws {
    let directory = "\(scratch)/\(batch)-\(size)"
    var log = try BenchmarkedLog(directory: directory, batch: batch, payload: size)
    // What a batch takes is known after one; the first is also what warms up.
    let bytes = try log.append(1)
    let raw = try RawFile(path: directory + ".raw", write: bytes)
    try raw.append(1)
    // Short rounds, so that the noise is the same for both.
    let trial = try seconds { try raw.append(20) } / 20
    let count = max(10, Int(0.08 / trial))
    var logRates: [Double] = []
    var rawRates: [Double] = []
    var ratios: [Double] = []
    for _ in 0..<rounds {
      let logTime = try seconds { _ = try log.append(count) }
      let rawTime = try seconds { try raw.append(count) }
      logRates.append(Double(count) / logTime)
      rawRates.append(Double(count) / rawTime)
      ratios.append(rawTime / logTime)
    }
    let total = logRates.map { Double(count) / $0 }.reduce(0, +)
    report(
      """
        \(batch) of \(size) bytes: \(grouped(Spread(logRates).median * Double(batch))) entries/s; \
      \(Spread(logRates).grouped) synchronizations/s, raw \(Spread(rawRates).grouped), ratio \
      \(Spread(ratios).precise); \(log.segments) segments filled, \
      \((log.preparing / total * 1000).rounded() / 10) % of the time for making them
      """)
    log.close()
    try FileManager.default.removeItem(atPath: directory)
    try FileManager.default.removeItem(atPath: directory + ".raw")
  }
}

/// A log that is used as the node's log thread does.
struct BenchmarkedLog {
  private let store: LogStore
  private let batch: Int
  private let payload: [UInt8]
  private var position = LogPosition(index: .zero, term: Term(1))
  private var sequence: UInt64 = 0
  private var written = 0
  /// Seconds that went to making segments ahead.
  private(set) var preparing = 0.0
  let segmentSize: Int

  init(directory: String, batch: Int, payload size: Int) throws {
    let options = LogStore.Options(member: MemberID(1))
    segmentSize = options.segmentSize
    (store, _) = try LogStore.open(
      fileSystem: PosixFileSystem(), directory: directory, options: options)
    self.batch = batch
    payload = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
  }

  /// Appends batches and makes each durable; returns how many bytes each took on average.
  mutating func append(_ count: Int) throws -> Int {
    let before = store.sizeInBytes
    for _ in 0..<count {
      sequence += 1
      try store.append(PersistBatch(sequence: sequence, entries: makeEntries()))
      try store.synchronize()
      preparing += try seconds { try store.prepareAhead() }
    }
    written += store.sizeInBytes - before
    return (store.sizeInBytes - before) / count
  }

  private mutating func makeEntries() -> [Entry] {
    (0..<batch).map { _ in
      position.index = position.index.next
      return Entry(
        position: position,
        content: .command(
          payload, proposal: ProposalID(member: MemberID(1), sequence: position.index.rawValue)))
    }
  }

  /// How many segments were filled meanwhile.
  var segments: Int { written / segmentSize }

  func close() { store.close() }
}
