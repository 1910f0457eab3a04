import CloudState
import Raft

/// Clients of the tenants' service. The state machine is the one that nodes run.
///
/// The committed entries are applied three times over: by the members, by a member without faults that
/// is only here, and by a `TenantModel`, which judges what the program made of them.
final class TenantWorkload: Workload {
  private let habits: FaultPlan.ClientHabits
  private let sabotage: Sabotage?
  private let contents = SnapshotContents()
  let reference: TenantMachine
  private var model = TenantModel()
  private var requests = TenantRequests()
  private(set) var clients: [Client]
  /// By index: which request was committed there, and a hash of what came of it.
  private var committed: [(request: RequestID?, outcome: UInt64, digest: UInt64)]
  /// The newest index that some client has been told of.
  private var known = LogIndex.zero
  /// The newest index at which somebody lost a right, and somebody was told so.
  private var knownLoss = LogIndex.zero

  struct Client {
    var writes = 0
    /// What it asks; nil while it reads.
    var envelope: CommandEnvelope?
    /// What it reads.
    var question: TenantQuestion?
    /// Whether any member may answer it alone.
    var isStale = false
    /// Whether it has taken a right away and now looks whether that holds everywhere.
    var looksAfter: String?
    /// The newest place that was acknowledged, when the operation began, at which a right was taken away.
    var loss = LogIndex.zero
    /// The newest index that was known when the operation began.
    var floor = LogIndex.zero
  }

  init(_ habits: FaultPlan.ClientHabits, clients: Int, sabotage: Sabotage?) {
    self.habits = habits
    self.sabotage = sabotage
    self.clients = [Client](repeating: Client(), count: clients)
    let database = TenantDatabase(
      seed: 0, contents: contents, sabotage: DatabaseSabotage(sabotage, member: nil))
    guard let reference = try? database.openMachine() else {
      preconditionFailure("SQLite can't make a database in memory")
    }
    self.reference = reference
    committed = [(nil, 0, reference.mark.digest)]
  }

  var coverage: Coverage {
    var coverage = model.coverage
    coverage.add(model.calls.coverage)
    coverage.add(model.identity.coverage)
    coverage.add(requests.accounts.coverage)
    return coverage
  }

  func makeDatabase(of member: Int) -> any MemberDatabase {
    TenantDatabase(
      seed: UInt64(member) + 1, contents: contents,
      sabotage: DatabaseSabotage(sabotage, member: member))
  }

  // MARK: Offices

  var calls: CallModel {
    get { model.calls }
    _modify { yield &model.calls }
  }

  func makeOffice(of member: Int, process: Int) -> (any NodeOffice)? {
    TenantOffice(of: member, process: process, self)
  }

  var workspaces: [WorkspaceID] { model.workspaces }

  /// The workspace that somebody calls: often one of the newest, so that limits are reached.
  func called(_ random: inout RandomSource) -> WorkspaceID? {
    requests.calledWorkspace(&random)
  }

  // MARK: Committed entries

  var digest: UInt64 { committed[committed.count - 1].digest }

  func commit(_ entry: Entry) -> Finding? {
    do {
      _ = try outcome(of: entry)
      return nil
    } catch let finding as Finding {
      return finding
    } catch {
      return Finding(property: .storage, details: "a member without faults can't apply: \(error)")
    }
  }

  /// What the next entry comes to.
  ///
  /// - Throws: `Finding` if that is wrong.
  private func outcome(of entry: Entry) throws -> [UInt8] {
    let outcome = try reference.apply([entry])[0]
    var request: RequestID?
    var finding: Finding?
    if case .command(let payload, _) = entry.content,
      let envelope = CommandEnvelope(decoding: payload)
    {
      request = envelope.requestID
      finding = model.judge(envelope, outcome, at: entry.index.rawValue)
      if finding == nil, case .keepHouse = envelope.command {
        finding = model.found(signingKeys: try reference.signingKeys())
      }
    }
    committed.append((request, Fingerprint.of(outcome), reference.mark.digest))
    if let finding { throw finding }
    return outcome
  }

  /// What becomes of a command that follows all that is committed.
  func outcome(of envelope: CommandEnvelope) throws -> Outcome? {
    let last = reference.mark.applied
    let entry = Entry(
      position: LogPosition(index: last.index.next, term: last.term),
      content: .command(try envelope.encoded(), proposal: nil))
    return try Outcome(decoding: try outcome(of: entry))
  }

  // MARK: Clients

  func begin(_ client: Int, isCalm: Bool, _ random: inout RandomSource) -> ClientRequest {
    clients[client].floor = known
    clients[client].loss = knownLoss
    if !isCalm, let question = question(of: client, &random) {
      clients[client].envelope = nil
      clients[client].question = question
      return ClientRequest(
        isWrite: false, isStale: clients[client].isStale, bytes: question.bytes)
    }
    clients[client].writes += 1
    let envelope = requests.make(client: client, number: clients[client].writes, &random)
    clients[client].envelope = envelope
    guard let bytes = try? envelope.encoded() else {
      preconditionFailure("no request is larger than 2 GiB")
    }
    return ClientRequest(isWrite: true, bytes: bytes)
  }

  /// Now and then a client reads, and often when it has just taken a right away.
  private func question(
    of client: Int, _ random: inout RandomSource
  ) -> TenantQuestion? {
    let suspect = clients[client].looksAfter.take()
    guard random.happens(suspect == nil ? habits.readShare / 2 : 700_000),
      let id = requests.workspace(&random)
    else { return nil }
    clients[client].isStale = random.happens(suspect == nil ? 500_000 : 900_000)
    return TenantQuestion(workspace: id, credential: suspect ?? requests.credential(&random))
  }

  /// No outcome at all.
  func guess(_ request: ClientRequest, at index: LogIndex) -> [UInt8] { [] }

  func written(_ client: Int, _ result: [UInt8], at index: LogIndex) -> Finding? {
    guard let envelope = clients[client].envelope else {
      preconditionFailure("an answer to another question")
    }
    guard index.rawValue < committed.count,
      committed[Int(index.rawValue)].request == envelope.requestID,
      committed[Int(index.rawValue)].outcome == Fingerprint.of(result)
    else {
      return Finding(
        property: .acknowledgedWrites,
        details: "client \(client) was given an outcome at \(index) that is not that of its request"
      )
    }
    guard index > clients[client].floor else {
      return Finding(
        property: .linearizability,
        details: "client \(client)'s request took effect at \(index), but the state at "
          + "\(clients[client].floor) had been seen when it was made")
    }
    known = max(known, index)
    let request = envelope.requestID
    if let loss = model.identity.loss(by: request, answeredAt: index.rawValue) {
      knownLoss = max(knownLoss, LogIndex(loss))
      clients[client].looksAfter = requests.credential(at: envelope.command)
    }
    if case .accepted(let effect)? = try? Outcome(decoding: result) {
      requests.learn(effect, of: envelope.command)
    }
    return nil
  }

  func commitWait(after result: [UInt8]) -> Duration {
    guard case .accepted(let effect)? = try? Outcome(decoding: result), effect.takesRightsAway
    else { return .zero }
    return HeldAuthority.commitWait
  }

  func read(_ client: Int, _ value: [UInt8]) -> Finding? {
    guard let reading = TenantReading(value), let question = clients[client].question else {
      return Finding(property: .linearizability, details: "a read was answered with garbage")
    }
    let index = reading.mark.applied.index
    guard clients[client].isStale || index >= clients[client].floor else {
      return Finding(
        property: .linearizability,
        details: "client \(client) read the state at \(index), but the one at "
          + "\(clients[client].floor) had been seen before the read began")
    }
    return judge(reading, of: question, after: clients[client].loss, by: "client \(client)")
  }

  /// Somebody asks a member that answers alone.
  func ask(_ machine: TenantMachine, _ random: inout RandomSource) throws -> Finding? {
    guard let id = requests.workspace(&random) else { return nil }
    let question = TenantQuestion(workspace: id, credential: requests.credential(&random))
    guard let reading = TenantReading(try machine.answer(question.bytes)) else { return nil }
    return judge(reading, of: question, after: knownLoss, by: "a caller")
  }

  /// Any state will do that the committed entries make, and that knows what was taken away.
  private func judge(
    _ reading: TenantReading, of question: TenantQuestion, after loss: LogIndex, by reader: String
  ) -> Finding? {
    let index = reading.mark.applied.index
    guard index >= loss else {
      return Finding(
        property: .revocation,
        details:
          "\(reader) read the state at \(index), but it was known before the read began that "
          + "a right had been taken away at \(loss)")
    }
    guard index.rawValue < committed.count,
      committed[Int(index.rawValue)].digest == reading.mark.digest
    else {
      return Finding(
        property: .stateMachineSafety,
        details: "\(reader) read a state at \(index) that the committed entries do not make")
    }
    known = max(known, index)
    guard let credential = question.credential else { return nil }
    let isGood = model.identity.isGood(credential, at: index.rawValue)
    return isGood == reading.isAdmitted
      ? nil
      : Finding(
        property: .sessions,
        details: "at \(index) \(credential) is \(isGood ? "good" : "worth nothing"), and whoever "
          + "shows it is \(isGood ? "refused" : "let in")")
  }

  // MARK: The end

  /// All tables are the same, the rows in them come to what the model says, and what is left can be used.
  func finish(
    _ machines: [any SimulatedMachine], _ offices: [any NodeOffice], uptime: Int64
  ) throws -> Finding? {
    do {
      try reference.checkContents()
      for case let machine as TenantMachine in machines { try machine.checkContents() }
    } catch let finding as Finding {
      return finding
    }
    let offices = offices.compactMap { $0 as? TenantOffice }
    if let leak = calls.leak(living: offices.map(\.name)) { return leak }
    for id in model.workspaces {
      if let finding = try callFinding(of: id) { return finding }
      guard let reading = TenantReading(try reference.answer(TenantQuestion(workspace: id).bytes))
      else {
        continue
      }
      let expected = model.usage(of: id, in: Int(reading.month))
      guard (reading.used, reading.reserved) == expected else {
        return Finding(
          property: .quota,
          details:
            "\(id) has \(reading.used) rows used and \(reading.reserved) reserved in the end, "
            + "expected are \(expected.used) and \(expected.reserved)")
      }
    }
    do {
      try useUp(by: offices, uptime: uptime)
    } catch let finding as Finding {
      return finding
    }
    return nil
  }
}
