import Testing

@testable import Raft

/// Disks that are full, and what comes after.
struct DiskErrorTests {
  let system = FaultFileSystem()

  func entry(_ index: Int, size: Int = 900) -> Entry {
    Entry(
      position: LogPosition(index: LogIndex(UInt64(index)), term: Term(1)),
      content: .command([UInt8](repeating: 5, count: size), proposal: nil))
  }

  @Test func aReservedSegmentNeedsNoRoomLater() throws {
    let (store, _) = try LogStoreCrashTests.open(system)
    system.fails = (system.operations + 2, 28)
    let error = #expect(throws: StorageError.self) { try store.reserve() }
    guard case .file(let cause)? = error, cause.isNoSpace, cause.operation == "fallocate" else {
      Issue.record("\(String(describing: error))")
      return
    }
    // The store is usable, and what was begun takes no room.
    #expect(system.names["/log/wal-spare.tmp"] == nil)
    try store.append(PersistBatch(sequence: 1, entries: [entry(1)]))
    try store.synchronize()

    try store.reserve()
    let reserved = system.operations
    try store.reserve()
    #expect(system.operations == reserved)
    let spare = system.names["/log/wal-spare.tmp"]
    try store.append(PersistBatch(sequence: 2, entries: [entry(2), entry(3)]))
    try store.synchronize()
    #expect(store.segments.count == 2)
    #expect(system.names[store.segments[1].path] === spare)
  }

  @Test func afterAFullDiskANewStoreGoesOnInTheSameProcess() throws {
    let (store, _) = try LogStoreCrashTests.open(system)
    try store.append(PersistBatch(sequence: 1, entries: [entry(1)]))
    try store.synchronize()
    try store.append(PersistBatch(sequence: 2, entries: [entry(2, size: 100)]))
    // Batch, flush of the full segment, its synchronization, the new file: then its blocks.
    system.fails = (system.operations + 4, 28)
    let error = #expect(throws: StorageError.self) {
      try store.append(PersistBatch(sequence: 3, entries: [entry(3, size: 500), entry(4)]))
    }
    guard case .file(let cause)? = error, cause.operation == "fallocate" else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(throws: StorageError.poisoned(by: cause)) { try store.reserve() }
    store.close()

    let (again, recovered) = try LogStoreCrashTests.open(system)
    #expect(recovered.quarantine == nil)
    let last = Int(again.terms.lastIndex.rawValue)
    #expect(last >= 1)
    try again.reserve()
    try again.append(
      PersistBatch(sequence: 1, entries: (last + 1...last + 5).map { entry($0, size: 700) }))
    try again.synchronize()
    var luck = SeededGenerator(seed: 4)
    system.crash(&luck)
    #expect(try LogStoreCrashTests.open(system).0.terms == again.terms)
  }

  /// The page cache shows what no synchronization has written: it must be written again before it
  /// counts, in the log as in the ballot.
  @Test func afterAFailedSynchronizationWhatANewStoreFindsIsMadeDurable() throws {
    for failing in 2...4 {
      let system = FaultFileSystem()
      let (store, _) = try LogStoreCrashTests.open(system)
      let vote = HardState(term: Term(4), vote: MemberID(2))
      // Batch, synchronization of the log, mark, ballot, synchronization of the ballot.
      system.fails = (system.operations + (failing == 2 ? 2 : failing + 1), 5)
      try store.append(PersistBatch(sequence: 1, hardState: vote, entries: [entry(1)]))
      #expect(throws: StorageError.self) { try store.synchronize() }
      let (again, recovered) = try LogStoreCrashTests.open(system)
      #expect(recovered.hardState == vote)
      #expect(recovered.quarantine == nil)
      #expect(again.terms.lastIndex == LogIndex(1))
      for seed in 0..<8 as Range<UInt64> {
        let copy = system
        var luck = SeededGenerator(seed: seed)
        copy.crash(&luck)
        let (after, found) = try LogStoreCrashTests.open(copy)
        #expect(found.quarantine == nil)
        #expect(after.hardState == vote && after.terms == again.terms)
      }
    }
  }

  @Test func messagesSayThatTheMemberGoesOnByItself() {
    let full = FileError(operation: "pwrite", path: "/log/a", errno: 28, message: "No space")
    #expect(StorageError.file(full).description.contains("goes on by itself"))
    #expect(StorageError.poisoned(by: full).description.contains("by itself"))
  }
}
