import CloudState
import Foundation
import Raft

/// What one process does for a member: it comes to a state, applies a part of the log, and ends.
struct Life: Codable {
  /// How the process finds the state.
  enum Beginning: String, Codable {
    /// Empty.
    case empty
    /// As the process before left it.
    case reopened
    /// As the snapshot that the process before has written, in files of its own.
    case restored
  }

  /// How the process ends.
  enum Ending: String, Codable, CaseIterable {
    /// With everything closed.
    case closed
    /// At once, as if by a crash: nothing is closed, the database's log has not been copied back.
    case killed
    /// After it has written a snapshot.
    case snapshot
  }

  /// The files of the log, of the outcomes and of the snapshot, and the folder of the state.
  var log: String
  var outcomes: String
  var snapshot: String
  var directory: String

  var beginning: Beginning
  var ending: Ending
  /// The entries it applies, counted from 0.
  var part: Range<Int>
  /// How many entries make a batch, and of what seed the sizes are drawn.
  var batches: ClosedRange<Int>
  var seed: UInt64
  /// After how many entries of the log the state is looked at. A batch ends there, too.
  var marks: [Int]
}

/// What a process found and did.
struct LifeReport: Codable {
  var surroundings: Surroundings.Found
  var marks: [Mark] = []
  var batches = 0
  /// For applying alone.
  var seconds = 0.0
  /// What SQLite finds to be wrong with the file.
  var problems: [String] = []

  /// The state after so many entries.
  struct Mark: Codable, Equatable {
    var entries: Int
    /// That of all that was applied and what came of it.
    var digest: [UInt8]
    /// The hash of the rows of all tables.
    var rows: [UInt8]
  }
}

extension Life {
  struct Problem: Error, CustomStringConvertible {
    let description: String
  }

  /// Lives, and tells of it just before the end.
  func live(_ tell: (LifeReport) throws -> Void) throws {
    var report = LifeReport(surroundings: .find())
    let entries = try RecordFile(path: log).read()
    let store = try begin()
    try apply(entries, to: store, &report)
    report.problems = try store.integrityProblems()
    if ending == .snapshot { try writeSnapshot(of: store) }
    try tell(report)
    if ending == .killed { kill(getpid(), SIGKILL) }
  }

  private func begin() throws -> StateStore {
    let store = try StateStore(directory: directory, trustExistingFile: beginning == .reopened)
    switch beginning {
    case .empty: break
    case .reopened:
      guard store.opening == .reused else {
        throw Problem(description: "the state was not found again: \(store.opening)")
      }
    case .restored:
      let file = try FileHandle(forReadingFrom: URL(filePath: snapshot))
      defer { try? file.close() }
      try store.restore {
        let piece = try file.read(upToCount: 100_000) ?? Data()
        return piece.isEmpty ? nil : [UInt8](piece)
      }
    }
    guard store.lastApplied.index == UInt64(part.lowerBound) else {
      throw Problem(
        description: "the state was left at \(part.lowerBound) and is at \(store.lastApplied.index)"
      )
    }
    return store
  }

  private func apply(
    _ entries: [[UInt8]], to store: StateStore, _ report: inout LifeReport
  ) throws {
    var random = RandomSource(seed: seed)
    var outcomes: [[UInt8]] = []
    var next = part.lowerBound
    while next < part.upperBound {
      let size = batches.lowerBound + Int(random.next(below: UInt64(batches.count)))
      let mark = marks.first { $0 > next } ?? .max
      let end = min(next + size, part.upperBound, mark)
      let batch = (next..<end).map { Self.record(entries[$0], at: $0) }
      let start = ContinuousClock.now
      outcomes += try store.apply(batch)
      report.seconds += (ContinuousClock.now - start) / .seconds(1)
      report.batches += 1
      next = end
      if end == mark { report.marks.append(try look(at: store, after: end)) }
    }
    try RecordFile(path: self.outcomes).append(outcomes)
  }

  /// Nobody leads here, so the term rises with the index alone.
  private static func record(_ entry: [UInt8], at offset: Int) -> CommandRecord {
    CommandRecord(
      index: UInt64(offset + 1), term: UInt64(1 + offset / 1_000), payload: entry)
  }

  private func look(at store: StateStore, after entries: Int) throws -> LifeReport.Mark {
    let snapshot = try store.snapshot()
    defer { snapshot.close() }
    return LifeReport.Mark(
      entries: entries, digest: snapshot.position.digest,
      rows: try snapshot.write { _ in }.contentHash)
  }

  private func writeSnapshot(of store: StateStore) throws {
    guard FileManager.default.createFile(atPath: snapshot, contents: nil) else {
      throw Problem(description: "can't write \(snapshot): \(String(cString: strerror(errno)))")
    }
    let file = try FileHandle(forWritingTo: URL(filePath: snapshot))
    try store.snapshot().write { try file.write(contentsOf: Data($0)) }
    try file.close()
  }
}
