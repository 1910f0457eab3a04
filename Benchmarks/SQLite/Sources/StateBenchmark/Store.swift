import CloudState
import Measuring

/// The room itself: commands through the whole state machine, then its snapshot.
struct StoreBenchmark {
  let store: StateStore
  private var requests: UInt64 = 0
  private let now = Timestamp(milliseconds: 1_780_000_000_000)

  init(folder: String) throws {
    store = try StateStore(directory: folder, trustExistingFile: false)
  }

  private mutating func record(_ command: some TypedCommand, at index: UInt64) throws
    -> CommandRecord
  {
    requests += 1
    let id = withUnsafeBytes(of: (requests &* 0x9e37_79b9_7f4a_7c15, requests)) { Array($0) }
    guard let requestID = RequestID(id) else { preconditionFailure("16 bytes are 16 bytes") }
    let envelope = CommandEnvelope(
      requestID: requestID, stampedAt: now, actor: .operator(name: "ops"),
      command: command.command)
    return CommandRecord(index: index, term: 1, payload: try envelope.encoded())
  }

  /// Commands a second, in batches of a size.
  private mutating func rate(
    _ commands: [any TypedCommand], batch: Int
  ) throws -> Double {
    var index = store.lastApplied.index
    let records = try commands.map { command in
      index += 1
      return try record(command, at: index)
    }
    let time = try seconds {
      for start in stride(from: 0, to: records.count, by: batch) {
        let part = Array(records[start..<min(start + batch, records.count)])
        for outcome in try store.apply(part) {
          guard case .accepted = try Outcome(decoding: outcome) else {
            preconditionFailure("the benchmark measures accepted commands")
          }
        }
      }
    }
    return Double(records.count) / time
  }

  mutating func run(users: Int) throws {
    let registrations: [any TypedCommand] = (0..<users).map { number in
      CreateUser(
        user: NewUser(
          id: user(number), email: "u\(number)@example.org", name: "User \(number)",
          passwordHash: "scrypt$15$8$1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNo"),
        workspace: NewWorkspace(
          id: workspace(number), name: "Workspace \(number)", planID: .enterprise))
    }
    print(
      "register \(grouped(Double(users))) users: \(grouped(try rate(registrations, batch: 256)))/s")
    var keys = Keys(seed: 2)
    var reservation = 0
    for batch in [1, 16, 256] {
      var commands: [any TypedCommand] = []
      for _ in 0..<10_000 {
        reservation += 1
        let owner = workspace(Int(keys.next(below: users)))
        let id = ReservationID(rawValue: "rsv_\(reservation)")
        commands.append(
          ReserveRows(
            workspaceID: owner, id: id, rows: 100,
            expiresAt: now.adding(milliseconds: 600_000)))
        commands.append(
          SettleReservation(
            workspaceID: owner, id: id, rows: 90,
            analysisID: AnalysisID(rawValue: "an_\(reservation)"), analysisName: "data.csv"))
      }
      print(
        "reserve and settle, batches of \(batch): \(grouped(try rate(commands, batch: batch)))/s")
    }
    let reader = store.makeReader()
    let reads = 50_000
    let readTime = try seconds {
      for _ in 0..<reads {
        let number = Int(keys.next(below: users))
        _ = try reader.read { view in
          (
            try view.user(user(number)), try view.membership(workspace(number), user(number)),
            try view.workspace(workspace(number))
          )
        }
      }
    }
    print("views with three lookups: \(grouped(Double(reads) / readTime))/s on one thread")
  }

  private func user(_ number: Int) -> UserID {
    UserID(rawValue: "usr_\(number)00000000000000000000")
  }

  private func workspace(_ number: Int) -> WorkspaceID {
    WorkspaceID(rawValue: "ws_\(number)00000000000000000000")
  }
}
