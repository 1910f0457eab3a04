import Raft

/// The first part of the consensus thread's life on a member of no cluster: until one is founded.
///
/// Nothing else happens on such a member, so this thread may write the identity file itself.
struct FoundingThread {
  let engine: Engine
  let transport: PeerTransport

  /// Returns when the member belongs to a cluster; nil when it stops before.
  func run() -> Charter? {
    let options = engine.options
    let id = engine.membership.id
    let own = Member(id: id, name: options.name, address: options.advertisedPeer)
    if options.founders.count <= 1, !options.joins {
      return found(Configuration(voters: [own]))
    }
    var round = FoundingRound(own: own, founders: options.founders)
    transport.dial(
      options.founders.filter { $0.name != options.name }.map {
        PeerTarget(name: $0.name, address: $0.address, member: nil)
      })
    engine.logger.info("This member, \(id), belongs to no cluster yet; \(intention(round))")
    var inputs: [ConsensusInput] = []
    var reminders = LogLimit(interval: .seconds(10))
    _ = reminders.allows()
    while engine.inbox.take(into: &inputs, until: .now + .milliseconds(100)) {
      var invitation: (charter: Charter, peer: String)?
      // All of the batch is looked at: nothing of it comes again.
      for input in inputs {
        switch input {
        case .met(let name, let hello):
          if let problem = round.meet(name, hello) {
            engine.logger.error("The founder \(name) can't be counted on: \(problem)")
          }
        case .lost(let name): round.lose(name)
        case .chartered(let charter, let peer):
          if invitation == nil, charter.isFor(id) { invitation = (charter, peer) }
        case .event(let event): refuse(event)
        case .handOver, .storageFailed, .reopened: break
        }
      }
      if let invitation { return join(invitation.charter, by: invitation.peer) }
      if let configuration = round.configuration { return found(configuration) }
      _ = engine.calls.advance(now: .now, leadership: Leadership())
      if reminders.allows() {
        engine.logger.notice(
          "Still no cluster: waiting \(options.joins ? "to be added" : "for \(round.missing.joined(separator: ", "))")"
        )
      }
    }
    return nil
  }

  private func intention(_ round: FoundingRound) -> String {
    let options = engine.options
    if options.joins { return "it waits for a cluster to add it" }
    let names = options.founders.map(\.name).sorted().joined(separator: ", ")
    return round.coordinates
      ? "it founds one when it reaches all of \(names)" : "it waits for the first of \(names)"
  }

  /// Nobody leads a cluster that does not exist yet. Messages can't be for this member.
  private func refuse(_ event: Event) {
    switch event {
    case .propose(let id, _): engine.calls.failed(id, .refused(.noLeader))
    case .read(let id): engine.calls.answered(id, .noLeader, applied: .zero)
    default: break
    }
  }

  private func found(_ configuration: Configuration) -> Charter? {
    let charter = Charter(cluster: .random(in: 1 ... .max), configuration: configuration)
    guard keep(charter) else { return nil }
    let names = configuration.members.map(\.name).sorted().joined(separator: ", ")
    engine.logger.notice("Founded cluster \(charter.cluster.hexadecimal) with \(names)")
    return charter
  }

  private func join(_ charter: Charter, by peer: String) -> Charter? {
    guard keep(charter) else { return nil }
    engine.logger.notice("Joined cluster \(charter.cluster.hexadecimal), told of it by \(peer)")
    return charter
  }

  /// Makes the charter durable, then acts on it: a member that had told of it and forgot it could
  /// accept another.
  private func keep(_ charter: Charter) -> Bool {
    let file = IdentityFile(
      fileSystem: engine.options.fileSystem, directory: engine.options.dataDirectory)
    do {
      try file.save(
        Identity(
          member: engine.membership.id, cluster: charter.cluster,
          initialConfiguration: charter.configuration))
    } catch {
      engine.fail(.storage(error))
      return false
    }
    engine.membership.join(charter)
    transport.announce()
    return true
  }
}
