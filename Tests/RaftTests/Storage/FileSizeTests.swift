import Testing

@testable import Raft

/// Files that are larger than anything that was written into them, and more of them than can be open.
struct FileSizeTests {
  let system = FaultFileSystem()

  func entry(_ index: Int, size: Int) -> Entry {
    Entry(
      position: LogPosition(index: LogIndex(UInt64(index)), term: Term(1)),
      content: .command([UInt8](repeating: 9, count: size), proposal: nil))
  }

  /// A log of entries of these sizes.
  func write(_ sizes: [Int]) throws -> LogStore {
    let (store, _) = try LogStoreCrashTests.open(system)
    for (i, size) in sizes.enumerated() {
      try store.append(
        PersistBatch(sequence: UInt64(i + 1), entries: [entry(i + 1, size: size)]))
      try store.synchronize()
    }
    return store
  }

  /// The last entry may have a segment of its own, larger than usual.
  @Test(arguments: [100, 9_000])
  func ofALogFileThatGrewNoMoreIsReadThanItsRecordsTake(last: Int) throws {
    let store = try write([300, 1_500, last])
    let path = store.segments[store.segments.count - 1].path
    try system.open(path, .update).preallocate(5 << 20)
    system.largestRead = 0
    let (again, recovered) = try LogStoreCrashTests.open(system)
    #expect(recovered.quarantine == nil && recovered.terms == store.terms)
    #expect(
      try again.entries(from: LogIndex(3), through: LogIndex(3), maxBytes: 1)
        == [entry(3, size: last)])
    #expect(system.largestRead < 100_000)
    // It goes on as ever.
    try again.append(PersistBatch(sequence: 1, entries: [entry(4, size: 200)]))
    try again.synchronize()
    #expect(try LogStoreCrashTests.open(system).0.terms == again.terms)
  }

  /// Its header says how far the file must be read. The mark behind it tells that it was durable.
  @Test(arguments: [0, 4, 8, 12, 16, 20, 5_000])
  func damageToARecordOfUnusualSizeIsFound(offset: Int) throws {
    let store = try write([300, 9_000])
    let place = store.contents.locations[1].offset
    system.flip(store.segments[1].path, Int(place) + offset)
    for grows in [false, true] {
      if grows { try system.open(store.segments[1].path, .update).preallocate(1 << 20) }
      let error = #expect(throws: StorageError.self) { try LogStoreCrashTests.open(system) }
      #expect(error?.damage?.file == store.segments[1].path)
      #expect(error?.damage?.offset == Int(place))
    }
  }

  @Test func aSmallFileThatGrewIsDamagedAndNotRead() throws {
    let identity = IdentityFile(fileSystem: system, directory: "/data")
    try identity.save(Identity(member: MemberID(7)))
    try system.open("/data/identity", .update).preallocate(5 << 20)
    system.largestRead = 0
    let error = #expect(throws: StorageError.self) { try identity.load() }
    #expect(error?.damage != nil)
    #expect(system.largestRead < 1 << 20)
  }

  @Test func alsoALogOfManySegmentsNeedsFewOpenFiles() throws {
    let store = try write((0..<40).map { 1_000 + $0 })
    #expect(store.segments.count > 30)
    #expect(system.openFiles < 10)
    store.close()
    #expect(system.openFiles == 0)
    let (again, _) = try LogStoreCrashTests.open(system)
    for start in [1, 20] as [UInt64] {
      let entries = try again.entries(
        from: LogIndex(start), through: LogIndex(40), maxBytes: .max)
      #expect(entries == (Int(start)...40).map { entry($0, size: 999 + $0) })
      #expect(system.openFiles < 10)
    }
    _ = try again.entries(from: LogIndex(5), through: LogIndex(5), maxBytes: 1)
    try again.compact(through: LogIndex(30))
    _ = try again.entries(from: LogIndex(31), through: LogIndex(40), maxBytes: .max)
    #expect(system.openFiles < 10)
    again.close()
    #expect(system.openFiles == 0)
  }
}
