import Testing

@testable import Raft

/// Snapshots that come from another member, piece by piece.
struct SnapshotTransferTests {
  let system = FaultFileSystem()
  let base = SnapshotStoreTests()

  func open() throws -> SnapshotStore {
    try SnapshotStore(fileSystem: system, directory: "/snapshots")
  }

  func metadata(_ index: UInt64) -> SnapshotMetadata { base.metadata(index) }
  func content(_ size: Int) -> [UInt8] { base.content(size) }
  func write(_ store: SnapshotStore, _ metadata: SnapshotMetadata, _ size: Int) throws {
    try base.write(store, metadata, size)
  }

  struct Transfer {
    var bytes: [UInt8]
    var metadata: SnapshotMetadata

    func chunk(_ range: Range<Int>) -> SnapshotChunk {
      SnapshotChunk(
        metadata: metadata, offset: UInt64(range.lowerBound), bytes: Array(bytes[range]),
        isLast: range.upperBound == bytes.count)
    }
  }

  func transfer(_ index: UInt64) throws -> Transfer {
    let sender = try SnapshotStore(fileSystem: FaultFileSystem(), directory: "/sender")
    try write(sender, metadata(index), 1000)
    let reader = try sender.open(metadata(index).position)
    return Transfer(bytes: try reader.read(at: 0, count: reader.size), metadata: metadata(index))
  }

  @Test func aSnapshotIsReceivedInPiecesInWhateverOrderTheyCome() throws {
    let sent = try transfer(40)
    let store = try open()
    #expect(try store.receive(sent.chunk(300..<400)) == 0)
    #expect(try store.receive(sent.chunk(0..<300)) == 300)
    #expect(try store.receive(sent.chunk(0..<300)) == 300)
    #expect(try store.receive(sent.chunk(500..<600)) == 300)
    #expect(try store.receive(sent.chunk(300..<700)) == 700)
    #expect(store.newest == nil)
    #expect(try store.receive(sent.chunk(700..<sent.bytes.count)) == UInt64(sent.bytes.count))
    try store.finishReceiving(sent.metadata)
    var luck = SeededGenerator(seed: 1)
    system.crash(&luck)
    let reader = try open().open(sent.metadata.position)
    #expect(try reader.readContent(at: 0, count: .max) == content(1000))
  }

  @Test func anotherSnapshotStartsAnew() throws {
    let (first, second) = (try transfer(40), try transfer(41))
    let store = try open()
    #expect(try store.receive(first.chunk(0..<300)) == 300)
    #expect(try store.receive(second.chunk(300..<400)) == 0)
    #expect(try store.receive(second.chunk(0..<second.bytes.count)) == UInt64(second.bytes.count))
    try store.finishReceiving(second.metadata)
    #expect(store.newest == second.metadata)
  }

  @Test func aLatePieceOfAnotherSnapshotThrowsNothingAway() throws {
    let (late, sent) = (try transfer(40), try transfer(41))
    let store = try open()
    #expect(try store.receive(sent.chunk(0..<300)) == 300)
    #expect(try store.receive(late.chunk(300..<400)) == 0)
    let underWay = try #require(store.underWay)
    #expect(underWay == (sent.metadata, 300))
    #expect(try store.receive(sent.chunk(300..<sent.bytes.count)) == UInt64(sent.bytes.count))
    try store.finishReceiving(sent.metadata)
  }

  @Test func whatWasChangedOnTheWayIsRejectedAndCanBeSentAgain() throws {
    let sent = try transfer(40)
    let store = try open()
    for offset in stride(from: 0, to: sent.bytes.count, by: 7) {
      var changed = sent
      changed.bytes[offset] ^= 1
      _ = try store.receive(changed.chunk(0..<sent.bytes.count))
      let error = #expect(throws: StorageError.self) { try store.finishReceiving(sent.metadata) }
      guard case .snapshotRejected(sent.metadata.position, _)? = error else {
        Issue.record("\(offset): \(String(describing: error))")
        return
      }
      #expect(store.newest == nil)
    }
    #expect(try store.receive(sent.chunk(0..<sent.bytes.count)) == UInt64(sent.bytes.count))
    try store.finishReceiving(sent.metadata)
  }

  @Test func contentThatIsNotWhatWasAnnouncedIsRejected() throws {
    var sent = try transfer(40)
    sent.metadata = metadata(44)
    let store = try open()
    _ = try store.receive(sent.chunk(0..<sent.bytes.count))
    #expect(throws: StorageError.self) { try store.finishReceiving(sent.metadata) }
    #expect(store.newest == nil)
  }

  @Test func anErrorWhileReceivingIsToldAndSendingBeginsAnew() throws {
    let sent = try transfer(40)
    let store = try open()
    #expect(try store.receive(sent.chunk(0..<300)) == 300)
    system.fails = (system.operations + 1, 5)
    #expect(throws: StorageError.self) { try store.receive(sent.chunk(300..<400)) }
    #expect(try store.receive(sent.chunk(300..<400)) == 0)
    _ = try store.receive(sent.chunk(0..<sent.bytes.count))
    try store.finishReceiving(sent.metadata)
  }

  /// The piece, or the note of it, has no room.
  @Test(arguments: [28, 122] as [Int32], [1, 2])
  func aTransferGoesOnWhereItWasOnceThereIsRoom(errno: Int32, operation: Int) throws {
    let sent = try transfer(40)
    var store = try open()
    #expect(try store.receive(sent.chunk(0..<300)) == 300)
    for _ in 0..<2 {
      system.fails = (system.operations + operation, errno)
      #expect(throws: StorageError.self) { try store.receive(sent.chunk(300..<400)) }
    }
    #expect(try store.receive(sent.chunk(300..<400)) == 400)
    #expect(try store.receive(sent.chunk(400..<700)) == 700)
    store = try open()
    #expect(try store.receive(sent.chunk(0..<300)) == 700)
    _ = try store.receive(sent.chunk(700..<sent.bytes.count))
    try store.finishReceiving(sent.metadata)
  }

  @Test func ofASnapshotThatIsThereNothingIsReceivedAgain() throws {
    let sent = try transfer(40)
    let store = try open()
    _ = try store.receive(sent.chunk(0..<sent.bytes.count))
    try store.finishReceiving(sent.metadata)
    let operations = system.operations
    for range in [700..<sent.bytes.count, 0..<300, sent.bytes.count..<sent.bytes.count] {
      #expect(try store.receive(sent.chunk(range)) == nil)
    }
    #expect(system.operations == operations)
    #expect(store.newest == sent.metadata)
    let next = try transfer(41)
    #expect(try store.receive(next.chunk(0..<300)) == 300)
  }

  // MARK: Damage on the way

  @Test func aPieceWhoseChecksumDoesNotFitIsNotWritten() throws {
    let sent = try transfer(40)
    let store = try open()
    var bad = sent.chunk(0..<300)
    bad.bytes[7] ^= 4
    #expect(try store.receive(bad) == 0)
    #expect(try store.receive(sent.chunk(0..<300)) == 300)
    bad = sent.chunk(300..<400)
    bad.check ^= 1
    #expect(try store.receive(bad) == 300)
    // Not even when it says that it is of another snapshot.
    bad.metadata = metadata(50)
    #expect(try store.receive(bad) == 0)
    #expect(
      try store.receive(sent.chunk(300..<sent.bytes.count)) == UInt64(sent.bytes.count))
    try store.finishReceiving(sent.metadata)
  }

  /// A leader that sends such a thing is none; it must not bring this member down.
  @Test func aSnapshotOfWhichNothingWasReceivedCantBeFinished() throws {
    let (sent, other) = (try transfer(40), try transfer(41))
    let store = try open()
    var empty = SnapshotChunk(metadata: sent.metadata, offset: 0, bytes: [], isLast: true)
    empty.check ^= 1
    for received in [0, 300] {
      if received > 0 { _ = try store.receive(other.chunk(0..<received)) }
      #expect(try store.receive(empty) == 0)
      let error = #expect(throws: StorageError.self) { try store.finishReceiving(sent.metadata) }
      guard case .snapshotRejected(sent.metadata.position, _)? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
    // What was being received goes on.
    #expect(
      try store.receive(other.chunk(300..<other.bytes.count)) == UInt64(other.bytes.count))
    try store.finishReceiving(other.metadata)
    #expect(store.newest == other.metadata)
  }

  // MARK: Restarts

  @Test func aTransferGoesOnAfterARestart() throws {
    let sent = try transfer(40)
    var store = try open()
    _ = try store.receive(sent.chunk(0..<300))
    _ = try store.receive(sent.chunk(300..<500))
    store = try open()
    #expect(try store.receive(sent.chunk(0..<300)) == 500)
    #expect(try store.receive(sent.chunk(500..<800)) == 800)
    #expect(try store.receive(sent.chunk(800..<sent.bytes.count)) == UInt64(sent.bytes.count))
    // The last piece is asked for again, so that it ends the transfer.
    store = try open()
    #expect(try store.receive(sent.chunk(0..<300)) == 800)
    #expect(try store.receive(sent.chunk(800..<sent.bytes.count)) == UInt64(sent.bytes.count))
    try store.finishReceiving(sent.metadata)
    #expect(try system.list("/snapshots") == ["snapshot-40-2.snap"])
    #expect(try open().newest == sent.metadata)
  }

  @Test func whatIsReceivedIsOfNoUseOnceThereIsANewerSnapshot() throws {
    let sent = try transfer(40)
    let store = try open()
    _ = try store.receive(sent.chunk(0..<300))
    try write(store, metadata(40), 10)
    let again = try open()
    #expect(try system.list("/snapshots") == ["snapshot-40-2.snap"])
    let next = try transfer(41)
    #expect(try again.receive(next.chunk(300..<400)) == 0)
  }

  /// Any byte of what was received may change, and any part of it be missing.
  @Test func onlyWhatVerifiesIsTakenUpAgain() throws {
    let sent = try transfer(40)
    let store = try open()
    let bounds = [0, 100, 250, 400, 700]
    for (start, end) in zip(bounds, bounds.dropFirst()) {
      _ = try store.receive(sent.chunk(start..<end))
    }
    var found: Set<UInt64> = []
    for path in ["/snapshots/receiving.tmp", "/snapshots/receiving-pieces.tmp"] {
      let size = system.names[path]?.current.count ?? 0
      for offset in 0..<size {
        let flipped = system.copy()
        flipped.flip(path, offset)
        let cut = system.copy()
        try cut.open(path, .update).truncate(to: offset)
        for system in [flipped, cut] {
          let store = try SnapshotStore(fileSystem: system, directory: "/snapshots")
          let received = try #require(try store.receive(sent.chunk(999..<1000)))
          #expect(bounds.contains(Int(received)) && received < 700)
          found.insert(received)
          let rest = sent.chunk(Int(received)..<sent.bytes.count)
          #expect(try store.receive(rest) == UInt64(sent.bytes.count))
          try store.finishReceiving(sent.metadata)
        }
      }
    }
    #expect(found == [0, 100, 250, 400])
  }

  @Test func aTransferEndsWhateverCrashesComeInBetween() throws {
    let sent = try transfer(40)
    let pieces = stride(from: 0, to: sent.bytes.count, by: 130).map {
      $0..<min($0 + 130, sent.bytes.count)
    }
    /// Sends from where the receiver is, as a leader does. Returns where it found the receiver.
    func send(to system: FaultFileSystem) throws -> UInt64 {
      let store = try SnapshotStore(fileSystem: system, directory: "/snapshots")
      if store.newest == sent.metadata { return UInt64(sent.bytes.count) }
      let first = try #require(try store.receive(sent.chunk(pieces[0])))
      var received = first
      repeat {
        let range = Int(received)..<min(Int(received) + 130, sent.bytes.count)
        received = try #require(try store.receive(sent.chunk(range)))
      } while received < UInt64(sent.bytes.count)
      try store.finishReceiving(sent.metadata)
      return first
    }
    let whole = FaultFileSystem()
    _ = try send(to: whole)
    var luck = SeededGenerator(seed: 6)
    var resumed = 0
    for stop in 1...whole.operations {
      for losesPower in [false, true] {
        let system = FaultFileSystem()
        system.stopsAt = stop
        _ = try? send(to: system)
        system.stopsAt = nil
        if losesPower { system.crash(&luck) }
        let found = try send(to: system)
        if found > 130, found < UInt64(sent.bytes.count) { resumed += 1 }
        system.crash(&luck)
        let store = try SnapshotStore(fileSystem: system, directory: "/snapshots")
        #expect(store.newest == sent.metadata)
        #expect(store.damage.isEmpty)
        try store.open(sent.metadata.position).verify()
      }
    }
    #expect(resumed > 10)
  }
}
