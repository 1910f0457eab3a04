import Testing

@testable import Raft

/// Logs that have lost acknowledged entries where their files can't tell, but the state does.
struct ProvenLossTests {
  let system = FaultFileSystem()

  func position(_ index: Int) -> LogPosition {
    LogPosition(index: LogIndex(UInt64(index)), term: Term(index <= 5 ? 1 : 2))
  }

  /// A log of ten entries, each acknowledged before the next.
  init() throws {
    let (store, _) = try LogStoreCrashTests.open(system)
    for i in 1...10 {
      let entry = Entry(position: position(i), content: .command([7, 7, 7], proposal: nil))
      try store.append(PersistBatch(sequence: UInt64(i), entries: [entry]))
      try store.synchronize()
    }
  }

  /// Zeros from the record of this entry on, with all marks that follow: a lost sector at the end.
  func loseEnd(from index: Int) throws {
    let (store, _) = try LogStoreCrashTests.open(system)
    let path = store.segments[0].path
    let start = Int(store.contents.locations[index - 1].offset)
    let zeros = [UInt8](repeating: 0, count: store.segments[0].end - start)
    try system.open(path, .update).writeBytes(zeros, at: start)
  }

  @Test func aStateThatHasMoreThanTheLogProvesThatEntriesAreLost() throws {
    try loseEnd(from: 8)
    let (store, found) = try LogStoreCrashTests.open(system)
    // By itself it looks like a torn tail.
    #expect(found.quarantine == nil && found.terms.last == position(7))
    for held in 0...7 { #expect(store.loss(provenBy: position(held), in: found) == nil) }
    for lost in 8...10 {
      let loss = try #require(store.loss(provenBy: position(lost), in: found))
      #expect(loss.file == store.segments[0].path && loss.offset == store.segments[0].end)
      #expect(loss.reason.contains("\(position(lost))"))
    }
  }

  @Test func anotherEntryThanTheOneAppliedProvesItToo() throws {
    let (store, found) = try LogStoreCrashTests.open(system)
    let other = LogPosition(index: LogIndex(6), term: Term(1))
    #expect(store.loss(provenBy: other, in: found) != nil)
  }

  @Test func whatASnapshotHasOrTheLogHasDroppedIsNotLost() throws {
    try loseEnd(from: 8)
    let (store, opened) = try LogStoreCrashTests.open(system)
    var found = opened
    found.snapshot = SnapshotMetadata(position: position(9), configuration: Configuration())
    #expect(store.loss(provenBy: position(9), in: found) == nil)
    #expect(store.loss(provenBy: position(10), in: found) != nil)
    try store.append(PersistBatch(sequence: 1, restart: position(9)))
    try store.synchronize()
    let (again, restarted) = try LogStoreCrashTests.open(system)
    #expect(again.loss(provenBy: position(3), in: restarted) == nil)
    #expect(again.loss(provenBy: position(9), in: restarted) == nil)
    #expect(again.loss(provenBy: position(10), in: restarted) != nil)
  }

  @Test func theLossIsRememberedWhateverCrashesFollow() throws {
    try loseEnd(from: 8)
    let (store, found) = try LogStoreCrashTests.open(system)
    let loss = try #require(store.loss(provenBy: position(10), in: found))
    try store.beginQuarantine(loss)
    var luck = SeededGenerator(seed: 3)
    system.crash(&luck)
    let (again, remembered) = try QuarantineTests.open(system)
    #expect(remembered.quarantine == loss)
    #expect(remembered.terms == found.terms)
    // What is known needs no other proof.
    #expect(again.loss(provenBy: position(10), in: remembered) == nil)
  }
}
