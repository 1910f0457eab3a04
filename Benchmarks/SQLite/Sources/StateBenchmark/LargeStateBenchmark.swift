import CloudState
import Foundation
import LargeState
import Measuring

/// What a request looks up, and what a command takes, with few and with very many tenants; and what they
/// cost in bytes.
struct LargeStateBenchmark {
  private var state: LargeState
  private let folder: String

  init(workspaces: Int, folder: String) throws {
    state = try LargeState(workspaces: workspaces, folder: folder)
    self.folder = folder
    try state.fill()
    try state.keepHouse()
  }

  /// Microseconds of processor time for each lookup, in a view of its own, by what is looked up.
  func lookups() throws -> [(name: String, microseconds: Double)] {
    let month = Month(containing: state.now)
    let day = Day(containing: state.now)
    return [
      ("nothing, the view alone", try time { _, _ in }),
      ("session", try time { _ = try $0.session(state.session($1)) }),
      ("key", try time { _ = try $0.apiKey(state.keyID($1, $1 % 3)) }),
      (
        "operator's token by hash",
        try time { _ = try $0.adminToken(hash: state.secretHash($1, 0)) }
      ),
      ("user", try time { _ = try $0.user(state.user($1)) }),
      ("user by address", try time { _ = try $0.user(email: state.address($1)) }),
      ("workspace", try time { _ = try $0.workspace(state.workspace($1)) }),
      ("membership", try time { _ = try $0.membership(state.workspace($1), state.user($1)) }),
      ("limits", try time { _ = try $0.limits(of: state.workspace($1)) }),
      ("rows used", try time { _ = try $0.rowUsage(of: state.workspace($1), in: month) }),
      ("calls used", try time { _ = try $0.callUsage(of: state.workspace($1), on: day) }),
      ("users used", try time { _ = try $0.userUsage(of: state.workspace($1)) }),
      (
        "a user's first workspace", try time { _ = try $0.workspaces(of: state.user($1), limit: 1) }
      ),
      ("a workspace's keys", try time { _ = try $0.apiKeys(of: state.workspace($1), limit: 20) }),
      (
        "a workspace's members", try time { _ = try $0.members(of: state.workspace($1), limit: 20) }
      ),
      (
        "its newest audit records",
        try time { _ = try $0.auditRecords(of: state.workspace($1), limit: 20) }
      ),
      ("whether house is due", try time { view, _ in _ = try view.houseIsDue(at: state.now) }),
      (
        "GET /api/v1/usage with a key",
        try time { view, number in
          _ = try view.apiKey(state.keyID(number, 0))
          _ = try view.user(state.user(number))
          _ = try view.membership(state.workspace(number), state.user(number))
          _ = try view.workspace(state.workspace(number))
          _ = try view.rowUsage(of: state.workspace(number), in: month)
          _ = try view.callUsage(of: state.workspace(number), on: day)
          _ = try view.userUsage(of: state.workspace(number))
        }
      ),
    ]
  }

  /// The median of five rounds, each of as many random workspaces.
  private func time(_ lookup: (borrowing StateView, Int) throws -> Void) throws -> Double {
    let count = 4_000
    var numbers = Keys(seed: 3)
    return median(
      try (0..<5).map { _ in
        let picked = (0..<count).map { _ in Int(numbers.next(below: state.workspaces)) }
        return try processorSeconds {
          for number in picked { try state.reader.read { view in try lookup(view, number) } }
        } * 1e6 / Double(count)
      })
  }

  /// Commands a second of processor time: a key is made for a random workspace, in batches of a size.
  mutating func commands(batch: Int) throws -> Double {
    var numbers = Keys(seed: 5)
    let rounds = 6_400 / batch
    var time = 0.0
    for round in 0..<rounds {
      let made = Int(state.store.lastApplied.index)
      time += try state.apply(
        (0..<batch).map { place in
          let number = Int(numbers.next(below: state.workspaces))
          return CreateAPIKey(
            id: APIKeyID(entropy: state.entropy(14, made + place)),
            workspaceID: state.workspace(number), userID: state.user(number), name: "one more",
            scopes: .all,
            secretHash: state.secretHash(number, round))
        })
    }
    return Double(rounds * batch) / time
  }

  /// What the state takes, on disk and as a snapshot.
  func sizes() throws {
    let count = Double(state.workspaces)
    let pages = try usedBytes(of: folder + "/state.sqlite")
    report(
      "the database: \(grouped(Double(pages) / 1e6)) MB in use, "
        + "\(grouped(Double(pages) / count)) bytes a workspace")
    var snapshot: PinnedSnapshot?
    let capture = try processorSeconds { snapshot = try state.store.snapshot() }
    var summary: SnapshotSummary?
    let writing = try processorSeconds { summary = try snapshot?.write { _ in } }
    guard let summary else { return }
    report(
      "a snapshot: captured in \(grouped(capture * 1e6)) µs, written in "
        + "\(grouped(writing * 1e3)) ms; \(grouped(Double(summary.rows))) rows, "
        + "\(grouped(Double(summary.rawBytes) / count)) bytes a workspace, compressed "
        + "\(grouped(Double(summary.compressedBytes) / count))")
  }
}

/// Measures states with so many workspaces each. They are made in a folder, unless they are there.
func compareSizes(_ sizes: [Int], in scratch: String) throws {
  for size in sizes {
    let folder = scratch + "/\(size)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    report("\(grouped(Double(size))) workspaces:")
    var benchmark = try LargeStateBenchmark(workspaces: size, folder: folder)
    try benchmark.sizes()
    report("microseconds of processor time a lookup:")
    for lookup in try benchmark.lookups() {
      report("  \(lookup.name): \((lookup.microseconds * 10).rounded() / 10)")
    }
    for batch in [1, 64] {
      report("make a key, batches of \(batch): \(grouped(try benchmark.commands(batch: batch)))/s")
    }
  }
}
