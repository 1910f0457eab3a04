import CloudState
import Foundation
import Measuring

/// What a request looks up, and what a command takes, with few and with very many tenants; and what they
/// cost in bytes.
///
/// Each workspace has an owner with a session, three keys, and what the audit log says of that. One in ten
/// has analysed something this month and called today.
struct LargeStateBenchmark {
  let workspaces: Int
  private let folder: String
  private let store: StateStore
  private let reader: StateReader
  private var requests: UInt64 = 0
  /// A thousand commands are proposed a second, so the outcomes of the last 900,000 are remembered.
  private var now = Timestamp(milliseconds: 1_780_000_000_000)

  init(workspaces: Int, folder: String) throws {
    self.workspaces = workspaces
    self.folder = folder
    store = try StateStore(directory: folder, trustExistingFile: true)
    reader = store.makeReader()
    requests = store.lastApplied.index
    now = max(now, store.currentPosition.clock)
  }

  // MARK: Filling

  /// Applies the commands that make the state, and tells how fast.
  mutating func fill() throws {
    guard store.lastApplied.index == 0 else { return report("filled before") }
    var commands = 0
    var time = 0.0
    let part = 2_000
    for first in stride(from: 0, to: workspaces, by: part) {
      let numbers = first..<min(first + part, workspaces)
      let batch = numbers.flatMap { registration($0) } + numbers.flatMap { work($0) }
      commands += batch.count
      time += try apply(batch)
      let done = numbers.upperBound
      if done.isMultiple(of: 100_000) {
        report(
          "  \(grouped(Double(done))) workspaces, \(grouped(Double(commands) / time))/s of processor time"
        )
      }
    }
    report("filled by \(grouped(Double(commands))) commands: \(grouped(Double(commands) / time))/s")
  }

  private func registration(_ number: Int) -> [any TypedCommand] {
    let user = NewUser(
      id: id(1, number), email: "user\(number)@example.org", name: "User \(number)",
      passwordHash: "scrypt$15$8$1$\(text(2, number))$\(text(3, number))\(text(4, number))")
    let workspace = NewWorkspace(
      id: id(5, number), name: "Workspace \(number)", planID: .professional)
    let session = NewSession(id: id(6, number), key: entropy(7, number) + entropy(8, number))
    return [CreateUser(user: user, workspace: workspace, session: session)]
      + (0..<3).map { key in
        CreateAPIKey(
          id: keyID(number, key), workspaceID: workspace.id, userID: user.id, name: "key \(key)",
          scopes: .all, secretHash: hash(number * 3 + key))
      }
  }

  private func work(_ number: Int) -> [any TypedCommand] {
    guard number.isMultiple(of: 10) else { return [] }
    let reservation = ReservationID(entropy: entropy(9, number))
    return [
      ReserveRows(
        workspaceID: id(5, number), id: reservation, rows: 100,
        expiresAt: now.adding(milliseconds: 3_600_000)),
      SettleReservation(
        workspaceID: id(5, number), id: reservation, rows: 90,
        analysisID: AnalysisID(entropy: entropy(10, number)), analysisName: "data.csv"),
      LeaseCalls(
        id: CallLeaseID(entropy: entropy(11, number)), workspaceID: id(5, number),
        holder: "clean-0", wanted: 100, milliseconds: 600_000),
    ]
  }

  /// Seconds of processor time that one batch takes.
  private mutating func apply(_ commands: [any TypedCommand]) throws -> Double {
    var index = store.lastApplied.index
    var records: [CommandRecord] = []
    for command in commands {
      index += 1
      records.append(
        CommandRecord(index: index, term: 1, payload: try envelope(command.command).encoded()))
    }
    var outcomes: [[UInt8]] = []
    let time = try processorSeconds { outcomes = try store.apply(records) }
    for outcome in outcomes {
      guard case .accepted = try Outcome(decoding: outcome) else {
        preconditionFailure("the benchmark measures accepted commands")
      }
    }
    return time
  }

  private mutating func envelope(_ command: Command) -> CommandEnvelope {
    requests += 1
    now = now.adding(milliseconds: 1)
    guard let requestID = RequestID(entropy(12, Int(requests))) else {
      preconditionFailure("16 bytes are 16 bytes")
    }
    let actor: Actor =
      switch command {
      case .leaseCalls, .keepHouse: .node(name: "clean-0")
      default: .operator(name: "ops")
      }
    return CommandEnvelope(
      requestID: requestID, stampedAt: now, actor: actor,
      origin: Origin(address: "192.0.2.1", requestName: text(13, Int(requests))), command: command)
  }

  // MARK: Measuring

  /// Microseconds of processor time for each lookup, in a view of its own, by what is looked up.
  func lookups() throws -> [(name: String, microseconds: Double)] {
    let month = Month(containing: now)
    let day = Day(containing: now)
    return [
      ("nothing, the view alone", try time { _, _ in }),
      ("session", try time { _ = try $0.session(id(6, $1)) }),
      ("key", try time { _ = try $0.apiKey(keyID($1, $1 % 3)) }),
      ("operator's token by hash", try time { _ = try $0.adminToken(hash: hash($1)) }),
      ("user", try time { _ = try $0.user(id(1, $1) as UserID) }),
      ("user by address", try time { _ = try $0.user(email: "user\($1)@example.org") }),
      ("workspace", try time { _ = try $0.workspace(id(5, $1)) }),
      ("membership", try time { _ = try $0.membership(id(5, $1), id(1, $1)) }),
      ("limits", try time { _ = try $0.limits(of: id(5, $1) as WorkspaceID) }),
      ("rows used", try time { _ = try $0.rowUsage(of: id(5, $1), in: month) }),
      ("calls used", try time { _ = try $0.callUsage(of: id(5, $1), on: day) }),
      ("users used", try time { _ = try $0.userUsage(of: id(5, $1)) }),
      ("a user's first workspace", try time { _ = try $0.workspaces(of: id(1, $1), limit: 1) }),
      ("a workspace's keys", try time { _ = try $0.apiKeys(of: id(5, $1), limit: 20) }),
      ("a workspace's members", try time { _ = try $0.members(of: id(5, $1), limit: 20) }),
      ("its newest audit records", try time { _ = try $0.auditRecords(of: id(5, $1), limit: 20) }),
      ("whether house is due", try time { view, _ in _ = try view.houseIsDue(at: now) }),
      (
        "GET /api/v1/usage with a key",
        try time { view, number in
          _ = try view.apiKey(keyID(number, 0))
          _ = try view.user(id(1, number) as UserID)
          _ = try view.membership(id(5, number), id(1, number))
          _ = try view.workspace(id(5, number))
          _ = try view.rowUsage(of: id(5, number), in: month)
          _ = try view.callUsage(of: id(5, number), on: day)
          _ = try view.userUsage(of: id(5, number))
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
        let picked = (0..<count).map { _ in Int(numbers.next(below: workspaces)) }
        return try processorSeconds {
          for number in picked { try reader.read { view in try lookup(view, number) } }
        } * 1e6 / Double(count)
      })
  }

  /// Commands a second of processor time: a key is made for a random workspace, in batches of a size.
  mutating func commands(batch: Int) throws -> Double {
    var numbers = Keys(seed: 5)
    let rounds = 6_400 / batch
    var time = 0.0
    for round in 0..<rounds {
      time += try apply(
        (0..<batch).map { place in
          let number = Int(numbers.next(below: workspaces))
          return CreateAPIKey(
            id: APIKeyID(entropy: entropy(14, Int(requests) + place)),
            workspaceID: id(5, number), userID: id(1, number), name: "one more", scopes: .all,
            secretHash: hash(round))
        })
    }
    return Double(rounds * batch) / time
  }

  /// Lets what is remembered for a while be forgotten, as in a cluster where nobody does anything.
  mutating func keepHouse() throws {
    now = now.adding(milliseconds: 7_200_000)
    while try reader.read({ view in try view.houseIsDue(at: now) }) {
      _ = try apply([KeepHouse(limit: 10_000)])
    }
  }

  /// What the state takes, on disk and as a snapshot.
  func sizes() throws {
    let count = Double(workspaces)
    let pages = try usedBytes(of: folder + "/state.sqlite")
    report(
      "the database: \(grouped(Double(pages) / 1e6)) MB in use, "
        + "\(grouped(Double(pages) / count)) bytes a workspace")
    var snapshot: PinnedSnapshot?
    let capture = try processorSeconds { snapshot = try store.snapshot() }
    var summary: SnapshotSummary?
    let writing = try processorSeconds { summary = try snapshot?.write { _ in } }
    guard let summary else { return }
    report(
      "a snapshot: captured in \(grouped(capture * 1e6)) µs, written in "
        + "\(grouped(writing * 1e3)) ms; \(grouped(Double(summary.rows))) rows, "
        + "\(grouped(Double(summary.rawBytes) / count)) bytes a workspace, compressed "
        + "\(grouped(Double(summary.compressedBytes) / count))")
  }

  // MARK: Names

  /// As random as those of a node, and made anew instead of being kept.
  private func entropy(_ kind: UInt64, _ number: Int) -> [UInt8] {
    var words = Keys(seed: kind << 48 | UInt64(number))
    return (0..<2).flatMap { _ in
      withUnsafeBytes(of: words.next(below: .max).bigEndian) { Array($0) }
    }
  }

  private func id<Kind>(_ kind: UInt64, _ number: Int) -> Identifier<Kind> {
    Identifier(entropy: entropy(kind, number))
  }

  private func keyID(_ number: Int, _ key: Int) -> APIKeyID {
    APIKeyID(entropy: entropy(15, number * 3 + key))
  }

  private func text(_ kind: UInt64, _ number: Int) -> String {
    entropy(kind, number).map { String($0, radix: 16) }.joined()
  }

  private func hash(_ number: Int) -> SecretHash {
    guard let hash = SecretHash(entropy(16, number) + entropy(17, number)) else {
      preconditionFailure("32 bytes are 32 bytes")
    }
    return hash
  }
}

/// Measures states with so many workspaces each. They are made in a folder, unless they are there.
func compareSizes(_ sizes: [Int], in scratch: String) throws {
  for size in sizes {
    let folder = scratch + "/\(size)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    report("\(grouped(Double(size))) workspaces:")
    var benchmark = try LargeStateBenchmark(workspaces: size, folder: folder)
    try benchmark.fill()
    try benchmark.keepHouse()
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

/// Seconds for which `body` has a processor. Everything is in the system's page cache, so nothing else takes
/// time but the other programs of the machine.
private func processorSeconds(_ body: () throws -> Void) rethrows -> Double {
  func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
  let start = now()
  try body()
  return now() - start
}

/// Prints a line at once, even into a pipe: the next one may take minutes.
private func report(_ line: String) {
  print(line)
  fflush(nil)
}
