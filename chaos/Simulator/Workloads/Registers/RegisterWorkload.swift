import Raft

/// Clients that write and read registers. Values are unique, so a read tells which write it saw.
final class RegisterWorkload: Workload {
  private(set) var coverage = Coverage()
  private let habits: FaultPlan.ClientHabits
  private let remembersRequests: Bool
  private let empty: RegisterState
  /// What the committed entries make.
  private var model: RegisterState
  /// Where each value was written.
  private var effects: [UInt64: LogIndex] = [0: .zero]
  /// For each register, the newest write that a completed operation vouches for.
  private var floors: [LogIndex]
  private(set) var clients: [Client]
  private var valuesMade: UInt64 = 0

  struct Client {
    enum Operation {
      case write(RegisterCommand)
      case read(key: Int)
    }
    /// Counts writes: what the state machine recognises repeated ones by.
    var writes: UInt64 = 0
    var operation: Operation?
    /// The newest write to the register that was known when the operation began.
    var floor = LogIndex.zero
  }

  init(_ habits: FaultPlan.ClientHabits, clients: Int, remembersRequests: Bool) {
    self.habits = habits
    self.remembersRequests = remembersRequests
    empty = RegisterState(registers: habits.keys, clients: clients)
    model = empty
    floors = [LogIndex](repeating: .zero, count: habits.keys)
    self.clients = [Client](repeating: Client(), count: clients)
  }

  func makeOffice(of member: Int, process: Int) -> (any NodeOffice)? { nil }

  func makeDatabase(of member: Int) -> any MemberDatabase {
    RegisterDatabase(empty: empty, remembersRequests: remembersRequests)
  }

  // MARK: Committed entries

  var digest: UInt64 { model.digest }

  func commit(_ entry: Entry) -> Finding? {
    if case .written(let index)? = model.apply(entry),
      case .command(let payload, _) = entry.content, let command = RegisterCommand(payload)
    {
      effects[command.value] = index
    }
    return nil
  }

  // MARK: Clients

  func begin(_ client: Int, isCalm: Bool, _ random: inout RandomSource) -> ClientRequest {
    let key = random.draw(0...habits.keys - 1)
    clients[client].floor = floors[key]
    if !isCalm, random.happens(habits.readShare) {
      clients[client].operation = .read(key: key)
      return ClientRequest(isWrite: false, bytes: RegisterQuery(key: key).bytes)
    }
    valuesMade += 1
    clients[client].writes += 1
    let command = RegisterCommand(
      client: client, request: clients[client].writes, key: key, value: valuesMade,
      padding: random.draw(habits.padding))
    clients[client].operation = .write(command)
    return ClientRequest(isWrite: true, bytes: command.bytes)
  }

  func guess(_ request: ClientRequest, at index: LogIndex) -> [UInt8] {
    RegisterResult.written(index).bytes
  }

  func commitWait(after result: [UInt8]) -> Duration { .zero }

  func written(_ client: Int, _ result: [UInt8], at index: LogIndex) -> Finding? {
    guard case .write(let command)? = clients[client].operation else {
      preconditionFailure("an answer to another question")
    }
    let result = RegisterResult(result)
    guard let claimed = result?.effectIndex else {
      return Finding(
        property: .acknowledgedWrites,
        details: "request \(command.request) of client \(client), its newest, was "
          + (result.map { "\($0)" } ?? "answered with garbage"))
    }
    if case .repeated = result { coverage.count(.writesRepeated) }
    guard let effect = effects[command.value], effect == claimed else {
      return Finding(
        property: .acknowledgedWrites,
        details: "write \(command.value) of client \(client) was acknowledged at \(claimed), but "
          + (effects[command.value].map { "took effect at \($0)" }
            ?? "is not among the committed entries"))
    }
    let floor = clients[client].floor
    floors[command.key] = max(floors[command.key], effect)
    guard effect <= floor else { return nil }
    return Finding(
      property: .linearizability,
      details: "write \(command.value) to register \(command.key) took effect at \(effect), before "
        + "the write at \(floor) that had been seen when it was asked for")
  }

  func read(_ client: Int, _ value: [UInt8]) -> Finding? {
    guard case .read(let key)? = clients[client].operation else {
      preconditionFailure("an answer to another question")
    }
    let value = UInt64(littleEndianBytes: value[...])
    guard let effect = effects[value] else {
      return Finding(
        property: .linearizability,
        details: "register \(key) was read as \(value), which was never committed")
    }
    let floor = clients[client].floor
    floors[key] = max(floors[key], effect)
    guard effect < floor else { return nil }
    return Finding(
      property: .linearizability,
      details: "register \(key) was read as \(value), written at \(effect); the write at \(floor) "
        + "was known before the read began")
  }

  // MARK: The end

  /// The digest is all there is to compare.
  func finish(
    _ machines: [any SimulatedMachine], _ offices: [any NodeOffice], uptime: Int64
  ) -> Finding? { nil }
}
