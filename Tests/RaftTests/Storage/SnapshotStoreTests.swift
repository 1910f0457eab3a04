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

  // MARK: Sending

  @Test func aSnapshotIsSentToItsEndAlthoughNewerOnesTookItsPlace() throws {
    let store = try open()
    try write(store, metadata(5), 3000)
    let position = metadata(5).position
    var sent = try store.reader(for: position).chunk(at: 0, maxBytes: 500).bytes
    var index: UInt64 = 6
    while true {
      // One is published between any two pieces.
      try write(store, metadata(index), 10)
      index += 1
      let chunk = try store.reader(for: position).chunk(at: UInt64(sent.count), maxBytes: 500)
      #expect(chunk.isIntact && chunk.metadata == metadata(5))
      sent += chunk.bytes
      if chunk.isLast { break }
    }
    #expect(sent.count > 3000)
    #expect(try names.count == 2)
    let receiver = try SnapshotStore(fileSystem: FaultFileSystem(), directory: "/r")
    _ = try receiver.receive(
      SnapshotChunk(metadata: metadata(5), offset: 0, bytes: sent, isLast: true))
    try receiver.finishReceiving(metadata(5))
    #expect(receiver.newest == metadata(5))
    store.release(position)
    #expect(throws: StorageError.snapshotMissing(position)) { try store.reader(for: position) }
  }

  @Test func aDeletedSnapshotThatNobodyReadsIsLetGoOf() throws {
    let store = try open()
    try write(store, metadata(5), 100)
    _ = try store.reader(for: metadata(5).position)
    for index in [6, 7] as [UInt64] { try write(store, metadata(index), 10) }
    #expect(throws: StorageError.snapshotMissing(metadata(5).position)) {
      try store.reader(for: metadata(5).position)
    }
  }

  @Test func aFewSnapshotsAreKeptOpen() throws {
    let store = try open()
    // Each is used between any two publications, and so only the bound makes the oldest go.
    for index in 1...6 as ClosedRange<UInt64> {
      try write(store, metadata(index), 10)
      for used in max(1, Int(index) - 3)...Int(index) {
        _ = try store.reader(for: metadata(UInt64(used)).position)
      }
    }
    var reachable: [UInt64] = []
    for index in 1...6 as ClosedRange<UInt64> {
      if (try? store.reader(for: metadata(index).position)) != nil { reachable.append(index) }
    }
    #expect(reachable == [3, 4, 5, 6])
  }

  @Test func piecesEndWithTheFile() throws {
    let store = try open()
    try write(store, metadata(5), 100)
    let reader = try store.reader(for: metadata(5).position)
    let size = UInt64(reader.size)
    #expect(try reader.chunk(at: 0, maxBytes: Int(size) - 1).isLast == false)
    #expect(try reader.chunk(at: 0, maxBytes: Int(size)).isLast)
    for offset in [size, size + 1, .max] {
      let chunk = try reader.chunk(at: offset, maxBytes: 10)
      #expect(chunk.isLast && chunk.bytes.isEmpty && chunk.offset == offset)
    }
  }
}
