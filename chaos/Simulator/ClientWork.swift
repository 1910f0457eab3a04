import Raft

/// What clients ask, what members answer, and what clients make of it.
extension Simulation {
  private var clientLatency: ClosedRange<Microseconds> { 50...2_000 }

  // MARK: The client's side

  func scheduleTurn(_ number: Int, after delay: Microseconds) {
    let client = clients[number]
    scheduler.schedule(
      .clientTurn(number, operation: client.operations, attempt: client.attempt), after: delay)
  }

  /// The client begins an operation, or asks again because the attempt has no answer.
  func clientTurn(_ number: Int, operation: Int, attempt: Int) {
    guard clients[number].operations == operation, clients[number].attempt == attempt else {
      return
    }
    if clients[number].current == nil {
      guard !isCalm || number == clients.count - 1 else { return }
      begin(number)
    } else {
      clients[number].attempt += 1
      if case .write = clients[number].current { coverage.count(.writesRetried) }
      // Often the same member again, so that a restarted one is asked too.
      if random.coin() { clients[number].member = random.draw(0...members.count - 1) }
    }
    ask(number)
  }

  private func begin(_ number: Int) {
    let workload = plan.workload
    let key = random.draw(0...workload.keys - 1)
    clients[number].operations += 1
    clients[number].attempt = 1
    clients[number].floor = checker.floor(of: key)
    clients[number].member = random.draw(0...members.count - 1)
    if !isCalm, random.happens(workload.readShare) {
      clients[number].current = .read(key: key)
    } else {
      valuesMade += 1
      clients[number].writes += 1
      clients[number].current = .write(
        RegisterCommand(
          client: number, request: clients[number].writes, key: key, value: valuesMade,
          padding: random.draw(workload.padding)))
    }
  }

  private func ask(_ number: Int) {
    guard let operation = clients[number].current else { return }
    scheduler.schedule(
      .clientRequest(operation, clients[number].ticket, member: clients[number].member),
      after: random.draw(clientLatency))
    scheduleTurn(number, after: plan.workload.patience)
  }

  func hear(_ answer: ClientAnswer, _ ticket: Ticket) {
    let client = clients[ticket.client]
    // A late success of an earlier attempt counts; a late failure doesn't.
    guard client.operations == ticket.operation, let operation = client.current else { return }
    switch (answer, operation) {
    case (.written(let result), .write(let command)):
      guard let effect = result.effectIndex else {
        return report(
          .acknowledgedWrites,
          "request \(command.request) of client \(client.number), its newest, was \(result)")
      }
      coverage.count(.writesAcknowledged)
      if case .repeated = result { coverage.count(.writesRepeated) }
      checker.acknowledged(command, at: effect, floor: client.floor, time: now)
      note(ticket, "write \(command.value) to \(command.key) took effect at \(effect)")
      finish(ticket.client)
    case (.value(let value), .read(let key)):
      coverage.count(.readsAnswered)
      checker.read(value, of: key, floor: client.floor, time: now)
      note(ticket, "register \(key) is \(value)")
      finish(ticket.client)
    case (.refused, _), (.unknown, _):
      guard client.attempt == ticket.attempt else { return }
      hearFailure(answer, operation, ticket)
    case (.written, .read), (.value, .write): preconditionFailure("an answer to another question")
    }
  }

  private func hearFailure(
    _ answer: ClientAnswer, _ operation: SimulatedClient.Operation, _ ticket: Ticket
  ) {
    var isUnknown = false
    if case .unknown = answer { isUnknown = true }
    if case .write = operation {
      coverage.count(isUnknown ? .unknownOutcomes : .writesRefused)
      if isUnknown, !isCalm, random.happens(plan.workload.abandonment) {
        coverage.count(.writesAbandoned)
        return finish(ticket.client)
      }
    } else {
      coverage.count(.readsFailed)
    }
    scheduleTurn(ticket.client, after: random.draw(1_000...50_000))
  }

  private func finish(_ number: Int) {
    clients[number].current = nil
    clients[number].attempt = 0
    scheduleTurn(number, after: random.draw(plan.workload.thinkTime))
  }

  private func note(_ ticket: Ticket, _ text: @autoclosure () -> String) {
    trace.note(
      now, "c", ticket.client, UInt64(ticket.operation), UInt64(ticket.attempt),
      as: "client \(ticket.client): \(text())")
  }

  // MARK: The member's side

  func serve(
    _ operation: SimulatedClient.Operation, _ ticket: Ticket, on member: SimulatedMember
  ) {
    guard let process = member.process else { return answer(ticket, .refused) }
    process.requests += 1
    switch operation {
    case .write(let command):
      if options.sabotage == .acknowledgesWithoutCommit {
        answer(ticket, .written(.written(checker.ledger.last.index.next)))
      }
      let id = ProposalID(
        member: member.id, sequence: UInt64(member.incarnation) << 32 | process.requests)
      process.proposals[id] = ticket
      give([.propose(id, payload: command.bytes)], to: member)
    case .read(let key):
      if options.sabotage == .readsWithoutAsking {
        return answer(ticket, .value(process.machine.current.registers[key]))
      }
      let id = ReadID(rawValue: process.requests)
      process.reads[id] = (ticket, key)
      give([.read(id)], to: member)
    }
  }

  func answer(_ ticket: Ticket, _ answer: ClientAnswer) {
    scheduler.schedule(.clientAnswer(answer, ticket), after: random.draw(clientLatency))
  }

  /// Clients notice that the connection is gone.
  func disconnectClients(of member: SimulatedMember) {
    for client in clients where client.current != nil && client.member == member.number {
      answer(client.ticket, .unknown)
    }
  }
}
