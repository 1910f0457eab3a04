import Testing

@testable import Raft

struct SnapshotStoreTests {
  let system = FaultFileSystem()

  func open() throws -> SnapshotStore {
    try SnapshotStore(fileSystem: system, directory: "/snapshots")
  }

  func metadata(_ index: UInt64, term: UInt64 = 2) -> SnapshotMetadata {
    let member = Member(id: MemberID(1), name: "a", address: "a:1")
    return SnapshotMetadata(
      position: LogPosition(index: LogIndex(index), term: Term(term)),
      configuration: Configuration(voters: [member]))
  }

  func content(_ size: Int) -> [UInt8] { (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) } }

  func write(_ store: SnapshotStore, _ metadata: SnapshotMetadata, _ size: Int) throws {
    let writer = try store.beginWriting(metadata)
    for start in stride(from: 0, to: size, by: 100) {
      try writer.append(Array(content(size)[start..<min(start + 100, size)]))
    }
    try writer.finish()
  }

  var names: [String] { get throws { try system.list("/snapshots") } }

  @Test(arguments: [0, 1, 100, 5000])
  func aSnapshotIsReadBackAfterReopening(size: Int) throws {
    let store = try open()
    #expect(store.newest == nil)
    try write(store, metadata(7), size)
    for store in [store, try open()] {
      #expect(store.newest == metadata(7))
      #expect(store.damage.isEmpty)
      let reader = try store.open(metadata(7).position)
      try reader.verify()
      #expect(reader.metadata == metadata(7))
      #expect(reader.contentSize == size)
      #expect(try reader.readContent(at: 0, count: .max) == content(size))
      #expect(try reader.readContent(at: size, count: 10) == [])
      #expect(try reader.read(at: 0, count: .max).count == reader.size)
    }
    #expect(throws: StorageError.snapshotMissing(metadata(8).position)) {
      try store.open(metadata(8).position)
    }
  }

  @Test func theNewestTwoAreKept() throws {
    let store = try open()
    for index in [5, 9, 30, 31] as [UInt64] { try write(store, metadata(index), 10) }
    #expect(try names == ["snapshot-30-2.snap", "snapshot-31-2.snap"])
    #expect(try open().newest == metadata(31))
  }

  @Test func aDeletedSnapshotCanBeReadToItsEnd() throws {
    let store = try open()
    try write(store, metadata(5), 3000)
    let reader = try store.open(metadata(5).position)
    for index in [6, 7] as [UInt64] { try write(store, metadata(index), 10) }
    #expect(try names.count == 2)
    #expect(try reader.readContent(at: 0, count: 3000) == content(3000))
    try reader.verify()
  }

  @Test func aCancelledSnapshotLeavesNothing() throws {
    let store = try open()
    let writer = try store.beginWriting(metadata(5))
    try writer.append(content(100))
    writer.cancel()
    #expect(try names == [])
    #expect(store.newest == nil)
  }

  @Test func anyFlippedByteSetsTheSnapshotAside() throws {
    try write(open(), metadata(5), 50)
    try write(open(), metadata(6), 200)
    let path = "/snapshots/snapshot-6-2.snap"
    for offset in 0..<(system.names[path]?.current.count ?? 0) {
      let copy = system.copy()
      copy.flip(path, offset)
      let store = try SnapshotStore(fileSystem: copy, directory: "/snapshots")
      #expect(store.newest == metadata(5))
      #expect(store.damage.count == 1)
      #expect(
        try copy.list("/snapshots") == ["snapshot-5-2.snap", "snapshot-6-2.snap.damaged"])
      if offset == 0 {
        try write(store, metadata(7), 10)
        #expect(try copy.list("/snapshots") == ["snapshot-5-2.snap", "snapshot-7-2.snap"])
      }
    }
  }

  @Test func aCrashLeavesWholeSnapshotsOnly() throws {
    func script(_ system: FaultFileSystem) throws {
      for index in 1...4 as ClosedRange<UInt64> {
        let store = try SnapshotStore(fileSystem: system, directory: "/snapshots")
        try write(store, metadata(index), 900)
      }
    }
    let whole = FaultFileSystem()
    try script(whole)
    var luck = SeededGenerator(seed: 3)
    var newest = Set<SnapshotMetadata?>()
    for stop in 1...whole.operations {
      let system = FaultFileSystem()
      system.stopsAt = stop
      try? script(system)
      let finished = UInt64(system.names.keys.filter { $0.hasSuffix(".snap") }.count)
      system.crash(&luck)
      let store = try SnapshotStore(fileSystem: system, directory: "/snapshots")
      #expect(store.damage.isEmpty)
      if finished == 0 { #expect(store.newest == nil) }
      newest.insert(store.newest)
      if let found = store.newest { try store.open(found.position).verify() }
      #expect(try !system.list("/snapshots").contains { $0.hasSuffix(".tmp") })
      system.crash(&luck)
      #expect(
        try SnapshotStore(fileSystem: system, directory: "/snapshots").newest == store.newest)
    }
    #expect(newest.count >= 4)
  }

  // MARK: Transfer

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
    #expect(try store.finishReceiving() == sent.metadata)
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
    #expect(try store.finishReceiving() == second.metadata)
    #expect(store.newest == second.metadata)
  }

  @Test func whatWasChangedOnTheWayIsRejectedAndCanBeSentAgain() throws {
    let sent = try transfer(40)
    let store = try open()
    for offset in stride(from: 0, to: sent.bytes.count, by: 7) {
      var changed = sent
      changed.bytes[offset] ^= 1
      _ = try store.receive(changed.chunk(0..<sent.bytes.count))
      let error = #expect(throws: StorageError.self) { try store.finishReceiving() }
      guard case .snapshotRejected(sent.metadata.position, _)? = error else {
        Issue.record("\(offset): \(String(describing: error))")
        return
      }
      #expect(store.newest == nil)
    }
    #expect(try store.receive(sent.chunk(0..<sent.bytes.count)) == UInt64(sent.bytes.count))
    #expect(try store.finishReceiving() == sent.metadata)
  }

  @Test func contentThatIsNotWhatWasAnnouncedIsRejected() throws {
    var sent = try transfer(40)
    sent.metadata = metadata(44)
    let store = try open()
    _ = try store.receive(sent.chunk(0..<sent.bytes.count))
    #expect(throws: StorageError.self) { try store.finishReceiving() }
    #expect(store.newest == nil)
  }

  @Test(arguments: [5, 28] as [Int32])
  func anErrorWhileReceivingIsToldAndSendingBeginsAnew(errno: Int32) throws {
    let sent = try transfer(40)
    let store = try open()
    #expect(try store.receive(sent.chunk(0..<300)) == 300)
    system.fails = (system.operations + 1, errno)
    #expect(throws: StorageError.self) { try store.receive(sent.chunk(300..<400)) }
    #expect(try store.receive(sent.chunk(300..<400)) == 0)
    _ = try store.receive(sent.chunk(0..<sent.bytes.count))
    #expect(try store.finishReceiving() == sent.metadata)
  }
}
