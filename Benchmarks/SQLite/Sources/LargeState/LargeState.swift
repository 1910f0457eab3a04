import CloudState
import Crypto
import Foundation
import Measuring

/// A state with so many tenants, made by real commands, in which names and secrets are known.
///
/// Each workspace has an owner with a session, three keys, and what the audit log says of that. One in ten
/// has analysed something this month and called today.
public struct LargeState {
  /// How many there are.
  public let workspaces: Int
  /// What holds the state.
  public let store: StateStore
  /// What looks it up.
  public let reader: StateReader
  private var requests: UInt64 = 0
  /// A thousand commands are proposed a second, so the outcomes of the last 900,000 are remembered.
  ///
  /// It begins some hours ago, so that what lasts for days or a month is still there on a node.
  public private(set) var now = Timestamp(
    milliseconds: Int64(Date.now.timeIntervalSince1970 * 1_000) - 14_400_000)

  /// - Parameter folder: Where the state is kept, in `state.sqlite`.
  public init(workspaces: Int, folder: String) throws {
    self.workspaces = workspaces
    store = try StateStore(directory: folder, trustExistingFile: true)
    reader = store.makeReader()
    requests = store.lastApplied.index
    if requests > 0 { now = store.currentPosition.clock }
  }

  // MARK: Filling

  /// Applies the commands that make the state, unless it is there, and tells how fast.
  public mutating func fill() throws {
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
      id: id(1, number), email: address(number), name: "User \(number)",
      passwordHash: "scrypt$15$8$1$\(text(2, number))$\(text(3, number))\(text(4, number))")
    let workspace = NewWorkspace(
      id: id(5, number), name: "Workspace \(number)", planID: .professional)
    let session = NewSession(id: id(6, number), key: entropy(7, number) + entropy(8, number))
    return [CreateUser(user: user, workspace: workspace, session: session)]
      + (0..<3).map { key in
        CreateAPIKey(
          id: keyID(number, key), workspaceID: workspace.id, userID: user.id, name: "key \(key)",
          scopes: .all, secretHash: secretHash(number, key))
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

  /// Seconds of processor time that one batch takes. All of it must be accepted.
  public mutating func apply(_ commands: [any TypedCommand]) throws -> Double {
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

  /// Lets what is remembered for a while be forgotten, as in a cluster where nobody does anything.
  public mutating func keepHouse() throws {
    now = now.adding(milliseconds: 7_200_000)
    while try reader.read({ view in try view.houseIsDue(at: now) }) {
      _ = try apply([KeepHouse(limit: 10_000)])
    }
  }

  // MARK: Names

  /// As random as those of a node, and made anew instead of being kept.
  public func entropy(_ kind: UInt64, _ number: Int) -> [UInt8] {
    var words = Keys(seed: kind << 48 | UInt64(number))
    return (0..<2).flatMap { _ in
      withUnsafeBytes(of: words.next(below: .max).bigEndian) { Array($0) }
    }
  }

  private func id<Kind>(_ kind: UInt64, _ number: Int) -> Identifier<Kind> {
    Identifier(entropy: entropy(kind, number))
  }

  /// The owner of a workspace.
  public func user(_ number: Int) -> UserID { id(1, number) }

  /// The owner's address.
  public func address(_ number: Int) -> String { "user\(number)@example.org" }

  /// A workspace, by its number.
  public func workspace(_ number: Int) -> WorkspaceID { id(5, number) }

  /// The session of its owner.
  public func session(_ number: Int) -> SessionID { id(6, number) }

  /// One of its three keys.
  public func keyID(_ number: Int, _ key: Int) -> APIKeyID {
    APIKeyID(entropy: entropy(15, number * 3 + key))
  }

  private func text(_ kind: UInt64, _ number: Int) -> String {
    entropy(kind, number).map { String($0, radix: 16) }.joined()
  }

  /// What a client sends as this key.
  public func keyText(_ number: Int, _ key: Int) -> String {
    let id = keyID(number, key).rawValue
    return "clk_\(id.dropFirst("key_".count))_\(secret(number, key))"
  }

  private func secret(_ number: Int, _ key: Int) -> String {
    entropy(16, number * 3 + key).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
      .joined()
  }

  /// What the state knows of the key's secret.
  public func secretHash(_ number: Int, _ key: Int) -> SecretHash {
    guard let hash = SecretHash(SHA256.hash(data: Array(secret(number, key).utf8))) else {
      preconditionFailure("SHA-256 has 32 bytes")
    }
    return hash
  }
}
