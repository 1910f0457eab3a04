import Foundation
import Raft

/// A member of a cluster that adds numbers up: a replica, its log on disk, and the sum so far.
final class Server {
  var replica: Replica
  let log: LogStore
  var sum = 0

  init(_ id: MemberID, of cluster: Configuration, in directory: String) throws {
    let (log, recovered) = try LogStore.open(
      fileSystem: PosixFileSystem(), directory: directory + "/\(id)", options: .init(member: id))
    self.log = log
    replica = Replica(
      id: id, options: ReplicaOptions(), recovered: recovered, initial: cluster, applied: .zero,
      seed: .random(in: 1...UInt64.max))
  }

  /// Takes an event in, does what must be done about it, and returns what is to be sent.
  func handle(_ event: Event) throws -> [Message] {
    replica.handle(event)
    var messages: [Message] = []
    for effect in replica.takeEffects() {
      switch effect {
      case .send(let message): messages.append(message)
      case .persist(let batch):
        try log.append(batch)
        try log.synchronize()
        messages += try handle(.persisted(batch.sequence))
      case .apply(let entries):
        for case .command(let number, _) in entries.map(\.content) { sum += Int(number[0]) }
        messages += try handle(.applied(entries[entries.count - 1].position))
      default: break  // Snapshots, reads, refusals: see the table.
      }
    }
    return messages
  }
}

let ids = [MemberID(1), MemberID(2), MemberID(3)]
let cluster = Configuration(voters: ids.map { Member(id: $0, name: "\($0)", address: "") })
let folder = NSTemporaryDirectory() + UUID().uuidString
try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(atPath: folder) }
let servers = try ids.map { try Server($0, of: cluster, in: folder) }

/// Delivers messages until nobody has anything more to say.
@MainActor func deliver(_ sent: [Message]) throws {
  var queue = sent
  while !queue.isEmpty {
    let message = queue.removeFirst()
    for server in servers where server.replica.id == message.to {
      queue += try server.handle(.receive(message))
    }
  }
}

while servers[0].replica.status.leader == nil {
  for server in servers { try deliver(server.handle(.tick)) }
}
for number in 1...10 as ClosedRange<UInt8> {
  let proposal = ProposalID(member: ids[0], sequence: UInt64(number))
  try deliver(servers[0].handle(.propose(proposal, payload: [number])))
}
for server in servers { print("\(server.replica.id): \(server.sum)") }
