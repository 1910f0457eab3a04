import Dispatch
import Foundation
import Synchronization
import TenantLog
import Testing

@testable import CloudState

@Suite struct SnapshotTests {
  @Test func snapshotHoldsTheMomentItWasTakenWhileTheStoreGoesOn() throws {
    let payloads = try RandomLog.entries(seed: 21, count: 1_200)
    let early = try Member()
    _ = try early.apply(Array(payloads[..<600]), batch: 50)

    let member = try Member()
    _ = try member.apply(Array(payloads[..<600]), batch: 50)
    let snapshot = try member.store.snapshot()
    // The copy is made on another thread, and waits in the middle until the store has gone on.
    let begun = Gate()
    let applied = Gate()
    let copy = Mutex<Result<[UInt8], any Error>?>(nil)
    let thread = Thread {
      let result = Result {
        var bytes: [UInt8] = []
        try snapshot.write { piece in
          if bytes.isEmpty {
            begun.open()
            applied.pass()
          }
          bytes.append(contentsOf: piece)
        }
        return bytes
      }
      copy.withLock { $0 = result }
      begun.open()
    }
    thread.start()
    begun.pass()
    _ = try member.apply(Array(payloads[600...]), batch: 50)
    applied.open()
    begun.pass()

    let bytes = try #require(copy.withLock { $0 }).get()
    #expect(bytes == (try early.store.snapshot().bytes()))
    #expect(snapshot.position.index == 600)
    #expect(member.store.lastApplied.index == 1_200)
  }

  @Test func membersWithTheSameStateWriteTheSameBytes() throws {
    let payloads = try RandomLog.entries(seed: 22, count: 800)
    let one = try Member()
    let other = try Member()
    _ = try one.apply(payloads, batch: 800)
    _ = try other.apply(payloads, batch: 3)
    #expect(try one.store.snapshot().bytes() == other.store.snapshot().bytes())
  }

  @Test func damageIsFoundAndLeavesTheStateAsItWas() throws {
    let source = try Member()
    _ = try source.apply(try RandomLog.entries(seed: 23, count: 400), batch: 100)
    let bytes = try source.store.snapshot().bytes()
    let target = try Member()
    _ = try target.apply(try RandomLog.entries(seed: 24, count: 100), batch: 100)
    let before = try target.dump()
    let original = try target.store.snapshot().bytes()
    var generator = SeededGenerator(seed: 23)
    // All bits of both headers, and some of the rest. A bit without a meaning (zstd ignores one of
    // its header's, and its window may be larger than needed) changes no row: then the state is
    // that of the source. Anything else is found.
    var places = (0..<(24 * 8)).map { $0 }
    places += (0..<150).map { _ in Int.random(in: (24 * 8)..<(bytes.count * 8), using: &generator) }
    var found = 0
    for place in places {
      var damaged = bytes
      damaged[place / 8] ^= 1 << UInt8(place % 8)
      do {
        try target.store.restore(from: pieces(of: damaged, size: 512))
        #expect(try target.dump() == source.dump())
        try target.store.restore(from: pieces(of: original, size: 512))
      } catch is StateError {
        found += 1
      }
      #expect(try target.dump() == before)
    }
    #expect(found > places.count * 9 / 10)
    for length in stride(from: 0, to: bytes.count, by: bytes.count / 40) {
      #expect(throws: StateError.self) {
        try target.store.restore(from: pieces(of: Array(bytes[..<length]), size: 512))
      }
    }
    #expect(throws: StateError.damagedSnapshot("it goes on after its end")) {
      try target.store.restore(from: pieces(of: bytes + [0], size: 512))
    }
    #expect(try target.dump() == before)
    try target.store.restore(from: pieces(of: bytes, size: 1))
    #expect(try target.dump() == source.dump())
  }

  @Test func snapshotOfAnotherVersionIsNamedAsSuch() throws {
    let source = try Member()
    var bytes = try source.store.snapshot().bytes()
    bytes[8] = 9
    #expect(throws: StateError.unsupportedSnapshot(format: 9, schema: UInt32(Schema.version))) {
      try source.store.restore(from: pieces(of: bytes, size: 512))
    }
  }

  @Test func failingSourceLeavesTheStateAsItWas() throws {
    struct PeerGone: Error {}
    let source = try Member()
    _ = try source.apply(try RandomLog.entries(seed: 25, count: 400), batch: 100)
    let bytes = try source.store.snapshot().bytes()
    let target = try Member()
    let before = try target.dump()
    let next = pieces(of: bytes, size: bytes.count / 2)
    var calls = 0
    #expect(throws: PeerGone.self) {
      try target.store.restore {
        calls += 1
        if calls == 2 { throw PeerGone() }
        return next()
      }
    }
    #expect(try target.dump() == before)
  }

  @Test func readersOfTheOldStateStayConsistentDuringRestore() throws {
    let source = try Member()
    let payloads = try RandomLog.entries(seed: 26, count: 400)
    _ = try source.apply(payloads, batch: 100)
    let bytes = try source.store.snapshot().bytes()
    let target = try Member()
    let reader = target.store.makeReader()
    try reader.read { view in
      try target.store.restore(from: pieces(of: bytes, size: 4_096))
      #expect(try view.clusterIdentity() == nil)
      #expect(view.position.index == 0)
    }
    #expect(try reader.read { $0.position.index } == UInt64(payloads.count))
  }

  @Test func closedSnapshotSaysSo() throws {
    let member = try Member()
    let snapshot = try member.store.snapshot()
    snapshot.close()
    #expect(throws: StateError.snapshotClosed) { try snapshot.bytes() }
  }
}

/// Lets one thread pass for each time it was opened.
final class Gate: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)

  func open() { semaphore.signal() }
  func pass() { semaphore.wait() }
}
