import Synchronization
import Testing

@testable import NodeGateway

@Suite struct ConnectionTableTests {
  /// Which connections were told to close.
  private final class Closed: Sendable {
    private let names = Mutex<Set<Int>>([])
    var all: Set<Int> { names.withLock { $0 } }
    func note(_ name: Int) { names.withLock { _ = $0.insert(name) } }
  }

  private static func address(_ number: Int) -> IPAddress { IPAddress("192.0.2.\(number)")! }

  @Test func whoHasWaitedForLongestGivesWay() throws {
    let table = ConnectionTable(ConnectionLimits(total: 3, perClient: 3))
    let closed = Closed()
    func add(_ name: Int) throws -> ConnectionTable.ID {
      let added = try #require(table.add(from: Self.address(name)) { closed.note(name) })
      #expect(added.use == .anything)
      return added.id
    }
    let first = try add(1)
    let second = try add(2)
    let third = try add(3)
    // The first works; the second has had an answer since the third came.
    #expect(table.begins(first) && table.begins(second))
    table.waits(second)
    _ = try add(4)
    #expect(closed.all == [3])
    #expect(!table.begins(third))
    _ = try add(5)
    #expect(closed.all == [3, 2])
    // Who is told to close leaves later, and counts no more.
    for id in [second, third] { table.remove(id) }
    #expect(table.count == .init(open: 3, openForHealth: 0, gaveWay: 2, refused: 0))
  }

  @Test func oneClientGivesWayToItself() throws {
    let table = ConnectionTable(ConnectionLimits(total: 100, perClient: 2))
    let closed = Closed()
    let network = ["2001:db8::1", "2001:db8::2", "2001:db8::ffff"].map { IPAddress($0)! }
    for (name, address) in network.enumerated() {
      #expect(table.add(from: address) { closed.note(name) }?.use == .anything)
    }
    #expect(closed.all == [0])
    #expect(table.add(from: IPAddress("2001:db8:0:1::1")!) { closed.note(3) } != nil)
    #expect(closed.all == [0])
  }

  @Test func placesForHealthAreBounded() throws {
    let limits = ConnectionLimits(total: 1, perClient: 1)
    let table = ConnectionTable(limits)
    let closed = Closed()
    var ids: [ConnectionTable.ID] = []
    for name in 0...limits.reserved {
      let added = try #require(table.add(from: Self.address(name)) { closed.note(name) })
      #expect(added.use == (name == 0 ? .anything : .health))
      #expect(table.begins(added.id))
      ids.append(added.id)
    }
    #expect(table.add(from: Self.address(100)) { closed.note(100) } == nil)
    #expect(table.count.refused == 1)
    // One that waits gives way.
    table.waits(ids[3])
    #expect(table.add(from: Self.address(101)) { closed.note(101) }?.use == .health)
    #expect(closed.all == [3])
  }

  /// Whatever happens, no limit is passed, nobody at work is closed, and in the end nothing is left.
  @Test(arguments: 1...20) func limitsHold(seed: Int) throws {
    var random = SplitMix(state: UInt64(seed))
    let limits = ConnectionLimits(total: 10, perClient: 4)
    let table = ConnectionTable(limits)
    let closed = Closed()
    var open: [Int: (id: ConnectionTable.ID, client: Int, use: ConnectionTable.Use)] = [:]
    var working: Set<Int> = []
    for name in 0..<2_000 {
      let client = Int.random(in: 1...5, using: &random)
      if let added = table.add(from: Self.address(client), close: { closed.note(name) }) {
        open[name] = (added.id, client, added.use)
      }
      for (other, connection) in open.sorted(by: { $0.key < $1.key }) {
        if closed.all.contains(other) {
          #expect(!working.contains(other))
          #expect(!table.begins(connection.id))
          open[other] = nil
          continue
        }
        switch Int.random(in: 0..<6, using: &random) {
        case 0:
          #expect(table.begins(connection.id))
          working.insert(other)
        case 1:
          table.waits(connection.id)
          working.remove(other)
        case 2:
          table.remove(connection.id)
          working.remove(other)
          open[other] = nil
        default: break
        }
      }
      let usual = open.values.filter { $0.use == .anything }
      let count = table.count
      #expect(count.open == usual.count && count.open <= limits.total)
      #expect(count.openForHealth == open.count - usual.count)
      #expect(count.openForHealth <= limits.reserved)
      for client in 1...5 {
        #expect(usual.count { $0.client == client } <= limits.perClient)
      }
    }
    for connection in open.values { table.remove(connection.id) }
    #expect(table.count.open == 0 && table.count.openForHealth == 0)
    #expect(table.count.gaveWay == closed.all.count)
  }
}
