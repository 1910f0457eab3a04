import Raft

/// What clients ask, what members answer, and what clients make of it.
extension Simulation {
  /// How long it takes from a client, or an operator, to a member or back.
  var clientLatency: ClosedRange<Microseconds> { pace.stretch(50...2_000) }

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
      if clients[number].current?.isWrite == true { coverage.count(.writesRetried) }
      // Often the same member again, so that a restarted one is asked too.
      if random.coin() { clients[number].member = random.pick(machines).number }
    }
    ask(number)
  }

  private func begin(_ number: Int) {
    clients[number].operations += 1
    clients[number].attempt = 1
    clients[number].member = random.pick(machines).number
    clients[number].current = workload.begin(number, isCalm: isCalm, &random)
    clientHistory.begin(number, workload.begun(number), at: now)
  }

  private func ask(_ number: Int) {
    guard let request = clients[number].current else { return }
    clientHistory.ask(clients[number].ticket)
    scheduler.schedule(
      .clientRequest(request, clients[number].ticket, member: clients[number].member),
      after: random.draw(clientLatency))
    scheduleTurn(number, after: plan.habits.patience)
  }

  func hear(_ answer: ClientAnswer, _ ticket: Ticket) {
    let client = clients[ticket.client]
    // A late success of an earlier attempt counts; a late failure doesn't.
    guard client.operations == ticket.operation, let request = client.current else { return }
    switch answer {
    case .written(let result, let index):
      coverage.count(.writesAcknowledged)
      clientHistory.end(
        client.number, workload.output(client.number, result, at: index), at: now)
      let finding = workload.written(client.number, result, at: index)
      if options.checksAnswers, let finding { report(finding) }
      note(ticket, Fingerprint.of(result), "write applied at \(index)")
      finish(ticket.client)
    case .value(let value):
      coverage.count(.readsAnswered)
      clientHistory.end(client.number, workload.output(client.number, value, at: nil), at: now)
      let finding = workload.read(client.number, value)
      if options.checksAnswers, let finding { report(finding) }
      note(ticket, Fingerprint.of(value), "read answered")
      finish(ticket.client)
    case .refused, .unknown:
      if case .refused = answer { clientHistory.refuse(ticket) }
      guard client.attempt == ticket.attempt else { return }
      hearFailure(answer, isWrite: request.isWrite, ticket)
    }
  }

  private func hearFailure(_ answer: ClientAnswer, isWrite: Bool, _ ticket: Ticket) {
    var isUnknown = false
    if case .unknown = answer { isUnknown = true }
    if isWrite {
      coverage.count(isUnknown ? .unknownOutcomes : .writesRefused)
      if isUnknown, !isCalm, random.happens(plan.habits.abandonment) {
        coverage.count(.writesAbandoned)
        return finish(ticket.client)
      }
    } else {
      coverage.count(.readsFailed)
    }
    scheduleTurn(ticket.client, after: random.draw(pace.stretch(1_000...50_000)))
  }

  private func finish(_ number: Int) {
    clients[number].current = nil
    clients[number].attempt = 0
    scheduleTurn(number, after: random.draw(plan.habits.thinkTime))
  }

  private func note(_ ticket: Ticket, _ answer: UInt64, _ text: @autoclosure () -> String) {
    trace.note(
      now, "c", ticket.client, UInt64(ticket.operation) << 32 | UInt64(ticket.attempt), answer,
      as: "client \(ticket.client), operation \(ticket.operation): \(text())")
  }

  // MARK: The member's side

  func serve(_ request: ClientRequest, _ ticket: Ticket, on member: SimulatedMember) {
    if let delay = lateness(at: member) {
      return scheduler.schedule(
        .clientRequest(request, ticket, member: member.number), after: delay)
    }
    guard let process = member.process else { return answer(ticket, .refused) }
    if request.isStale, member.pausedUntil > now {
      // It is looked at when the process goes on, and so is the clock.
      return scheduler.schedule(
        .clientRequest(request, ticket, member: member.number), after: member.pausedUntil - now)
    }
    process.requests += 1
    do {
      if request.isWrite {
        try propose(request, ticket, on: member, process)
      } else if request.isStale, process.authority.holds(at: uptime(of: member)) {
        coverage.count(.staleReads)
        answer(ticket, .value(try process.machine.answer(request.bytes)))
      } else if options.sabotage == .readsWithoutAsking {
        answer(ticket, .value(try process.machine.answer(request.bytes)))
      } else {
        let read = PendingRead(
          asked: uptime(of: member), floor: checker.ledger.last.index,
          client: (ticket, request.bytes), isStale: request.isStale)
        ask(read, member, process)
      }
    } catch {
      failed(.applier, of: member, error)
      answer(ticket, .refused)
    }
  }

  /// The member asks the cluster, to be up to date.
  func ask(_ read: PendingRead, _ member: SimulatedMember, _ process: MemberProcess) {
    let id = ReadID(rawValue: process.requests)
    process.reads[id] = read
    give([.read(id)], to: member)
  }

  private func propose(
    _ request: ClientRequest, _ ticket: Ticket, on member: SimulatedMember, _ process: MemberProcess
  ) throws {
    let command = try process.machine.command(
      for: request.bytes, at: member.wallClock.reading(at: now))
    if options.sabotage == .acknowledgesWithoutCommit {
      let index = checker.ledger.last.index.next
      answer(ticket, .written(workload.guess(request, at: index), at: index))
    }
    let id = ProposalID(
      member: member.id, sequence: UInt64(member.incarnation) << 32 | process.requests)
    process.proposals[id] = ticket
    give([.propose(id, payload: command)], to: member)
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
