@testable import Raft

/// The commands that make something happen.
extension Phrase {
  // MARK: Time

  static let clocks = [
    Phrase(.drives, "M ticks N") { stage, said in
      try stage.running(said.member(0))
      try stage.drive { $0.tick(said.member(0), times: said.number(1)) }
    },
    Phrase(.drives, "M campaigns") { stage, said in
      try stage.running(said.member(0))
      try stage.drive { $0.handle(.campaign, on: said.member(0)) }
    },
    Phrase(.drives, "M times out") { stage, said in try stage.timeOut(said.member(0)) },
    Phrase(.drives, "one round passes") { stage, _ in try stage.drive { $0.run(rounds: 1) } },
    Phrase(.drives, "N rounds pass") { stage, said in
      try stage.drive { $0.run(rounds: said.number(0)) }
    },
    Phrase(.drives, "M is elected") { stage, said in try stage.elect(said.member(0)) },
    Phrase(.arranges, "N ms pass") { stage, said in
      try stage.drive { $0.now += UInt64(said.number(0)) * 1_000_000 }
    },
  ]

  // MARK: Messages

  static let deliveries = [
    Phrase(.drives, "deliver all") { stage, _ in
      try stage.underWay { !stage.network.holds($0) }
      try stage.deliverAll()
    },
    Phrase(.drives, "deliver once") { stage, _ in
      try stage.underWay { !stage.network.holds($0) }
      let network = stage.network
      try stage.drive { $0.deliver { !network.holds($0) } }
    },
    Phrase(.drives, "deliver M → M") { stage, said in
      let (from, to) = (said.member(0), said.member(1))
      try stage.underWay { $0.from == from && $0.to == to }
      try stage.drive { $0.deliver { $0.from == from && $0.to == to } }
    },
    Phrase(.drives, "deliver the first M → M") { stage, said in
      try stage.deliver(from: said.member(0), to: said.member(1)) { $0.first }
    },
    Phrase(.drives, "deliver the last M → M") { stage, said in
      try stage.deliver(from: said.member(0), to: said.member(1)) { $0.last }
    },
    Phrase(.drives, "lose M → M") { stage, said in
      let (from, to) = (said.member(0), said.member(1))
      try stage.underWay { $0.from == from && $0.to == to }
      for message in try stage.drive({ $0.take { $0.from == from && $0.to == to } }) {
        stage.tell(Wording.message(message, isLost: true))
      }
    },
  ]

  // MARK: Disks and processes

  static let disks = [
    Phrase(.arranges, "M's disk is slow") { stage, said in
      try stage.setSlowDisk(said.member(0), true)
    },
    Phrase(.arranges, "M's disk is quick") { stage, said in
      try stage.setSlowDisk(said.member(0), false)
    },
    Phrase(.drives, "M's disk completes a write") { stage, said in
      try stage.completeWrites(of: said.member(0), 1)
    },
    Phrase(.drives, "M's disk completes all") { stage, said in
      try stage.completeWrites(of: said.member(0), .max)
    },
    Phrase(.drives, "M's disk fails") { stage, said in
      try stage.running(said.member(0))
      try stage.drive { $0.handle(.storageFailed, on: said.member(0)) }
    },
    Phrase(.arranges, "M's disk loses N and later") { stage, said in
      try stage.requireStopped(said.member(0))
      try stage.drive { $0.damage(said.member(0), from: LogIndex(UInt64(said.number(1)))) }
    },
    Phrase(.arranges, "M crashes") { stage, said in
      try stage.running(said.member(0))
      try stage.drive { $0.stop(said.member(0)) }
    },
    Phrase(.drives, "M restarts") { stage, said in
      try stage.restart(said.member(0), keepsState: true)
    },
    Phrase(.drives, "M restarts with an empty state") { stage, said in
      try stage.restart(said.member(0), keepsState: false)
    },
  ]

  // MARK: Requests

  static let requests = [
    Phrase(.drives, "propose N bytes on M") { stage, said in
      try stage.propose(String(repeating: "x", count: said.number(0)), on: said.member(1))
    },
    Phrase(.drives, "propose … on M") { stage, said in
      for text in said.words(0) { try stage.propose(text, on: said.member(1)) }
    },
    Phrase(.drives, "read N on M") { stage, said in
      try stage.running(said.member(1))
      let read = ReadID(rawValue: UInt64(said.number(0)))
      try stage.drive { $0.handle(.read(read), on: said.member(1)) }
    },
    Phrase(.drives, "M hands over to M") { stage, said in
      try stage.running(said.member(0))
      try stage.drive { $0.handle(.transferLeadership(to: said.member(1)), on: said.member(0)) }
    },
    Phrase(.drives, "M hands over") { stage, said in
      try stage.running(said.member(0))
      try stage.drive { $0.handle(.transferLeadership(to: nil), on: said.member(0)) }
    },
    Phrase(.drives, "M loses its connection to M") { stage, said in
      try stage.running(said.member(0))
      try stage.drive { $0.handle(.unreachable(said.member(1)), on: said.member(0)) }
    },
    Phrase(.drives, "M forgets its leader") { stage, said in
      try stage.running(said.member(0))
      try stage.drive { $0.handle(.forgetLeader, on: said.member(0)) }
    },
    Phrase(.arranges, "M joins with an empty disk") { stage, said in
      let id = said.member(0)
      guard try stage.cluster().replicas[id] == nil else { throw Refusal("it is there already") }
      try stage.drive { _ = $0.addStranger(id) }
    },
    Phrase(.drives, "M is asked to …") { stage, said in
      let id = said.member(0)
      try stage.running(id)
      let change = try MembershipChange(said.text(1))
      let proposal = stage.nextRequest(on: id)
      try stage.drive { $0.handle(.changeMembership(proposal, change), on: id) }
    },
  ]

  // MARK: Views

  static let views = [
    Phrase(.shows, "show members") { stage, _ in
      for id in try stage.cluster().ids { try stage.tellStanding(of: id) }
    },
    Phrase(.shows, "show peers of M") { stage, said in
      let status = try stage.running(said.member(0))
      guard status.role == .leader else { throw Refusal("\(said.text(0)) does not lead") }
      for peer in status.peers {
        let way = peer.isCatchingUp ? "probed or sent a snapshot" : "streamed to"
        stage.tell("\(peer.id.letter)  holds all up to \(peer.match); \(way)")
      }
    },
    Phrase(.shows, "show logs") { stage, _ in
      let disks = try stage.cluster().disks
      for (id, disk) in disks.sorted(by: { $0.key < $1.key }) {
        let base = disk.log.terms.base
        var terms: [String] = []
        var index = base.index.next
        while let term = disk.log.terms.term(at: index) {
          terms.append(term.description)
          index = index.next
        }
        let start = base == .zero ? "" : "after \(base): "
        stage.tell("\(id.letter)  \(start)\(terms.joined(separator: " "))")
      }
    },
    Phrase(.shows, "show what is under way") { stage, _ in
      for message in try stage.cluster().network {
        stage.tell(Wording.message(message, isLost: false))
      }
    },
  ]
}
