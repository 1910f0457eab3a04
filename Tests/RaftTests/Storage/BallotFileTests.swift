import Testing

@testable import Raft

struct BallotFileTests {
  let system = FaultFileSystem()
  let older = HardState(term: Term(5), vote: MemberID(3))
  let newer = HardState(term: Term(6))

  func ballot(_ system: FaultFileSystem, member: UInt64 = 9) -> BallotFile {
    BallotFile(fileSystem: system, directory: "/log", member: MemberID(member))
  }

  func saved() throws -> FaultFileSystem {
    var file = ballot(system)
    try file.replace(older)
    try file.save(newer)
    return system
  }

  @Test func theLaterStateCounts() {
    let (voted, free) = (HardState(term: Term(4), vote: MemberID(1)), HardState(term: Term(4)))
    #expect(voted.orLater(nil) == voted)
    for state in [voted, free] {
      #expect(state.orLater(newer) == newer)
      #expect(newer.orLater(state) == newer)
    }
    #expect(voted.orLater(free) == voted)
    #expect(free.orLater(voted) == voted)
  }

  /// Bytes made by another program from the layout in docs/storage-format.md.
  @Test func slotsAreWrittenInTurnTwiceEach() throws {
    let bytes = try #require(try saved().names["/log/ballot"]?.current)
    #expect(bytes.count == 8192)
    func record(_ offset: Int) -> String {
      bytes[offset..<offset + 48].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
    for copy in [0, 512] {
      #expect(
        record(4096 + copy) == "434c45414e564f540100000041c570870900000000000000"
          + "010000000000000005000000000000000300000000000000")
      #expect(
        record(copy) == "434c45414e564f5401000000b813f0840900000000000000"
          + "020000000000000006000000000000000000000000000000")
    }
  }

  @Test func noFlippedBitAndNoLostSectorCostsTheNewestState() throws {
    let system = try saved()
    for offset in 0..<8192 {
      for bit in offset % 512 < 48 ? 0..<8 : 0..<1 {
        let copy = system.copy()
        copy.flip("/log/ballot", offset, mask: 1 << UInt8(bit))
        let reading = try ballot(copy).read()
        #expect(reading.isWhole && reading.state == newer)
      }
    }
    for sector in 0..<16 {
      let copy = system.copy()
      try copy.open("/log/ballot", .update).writeBytes(
        [UInt8](repeating: 0xFF, count: 512), at: 512 * sector)
      let reading = try ballot(copy).read()
      #expect(reading.isWhole && reading.state == newer)
    }
  }

  @Test func aLostSlotIsNoticed() throws {
    let system = try saved()
    for (slot, state) in [(0, older), (1, newer)] {
      let copy = system.copy()
      try copy.open("/log/ballot", .update).writeBytes(
        [UInt8](repeating: 0, count: 4096), at: 4096 * slot)
      let reading = try ballot(copy).read()
      #expect(!reading.isWhole && reading.state == state)
    }
    try system.open("/log/ballot", .update).truncate(to: 0)
    let reading = try ballot(system).read()
    #expect(!reading.isWhole && reading.state == nil)
  }

  @Test func anotherMembersOrAnotherVersionsIsRefused() throws {
    let system = try saved()
    let error = #expect(throws: StorageError.self) { try ballot(system, member: 10).read() }
    #expect(error?.description.contains("belongs to member 0000000000000009") == true)
    // A record of version 2, its checksum made for it.
    let file = try system.open("/log/ballot", .update)
    var record = try file.readBytes(at: 0, count: 48)
    record[8] = 2
    let check = record.withUnsafeBytes { crc32c(crc32c($0.part(0..<12)), $0.part(16..<48)) }
    record.withUnsafeMutableBytes { $0.put(check, at: 12) }
    try file.writeBytes(record, at: 0)
    #expect(throws: StorageError.unknownVersion(file: "/log/ballot", version: 2)) {
      try ballot(system).read()
    }
  }

  @Test func aCrashLeavesTheStateBeforeOrTheNewOne() throws {
    func script(_ system: FaultFileSystem, _ done: inout UInt64) throws {
      var file = ballot(system)
      try file.replace(HardState(term: Term(1)))
      done = 1
      for term in 2...6 as ClosedRange<UInt64> {
        try file.save(HardState(term: Term(term)))
        done = term
      }
    }
    var done: UInt64 = 0
    try script(system, &done)
    var luck = SeededGenerator(seed: 11)
    for stop in 1...system.operations {
      let system = FaultFileSystem()
      system.stopsAt = stop
      var done: UInt64 = 0
      try? script(system, &done)
      system.crash(&luck)
      let reading = try ballot(system).read()
      let found = reading.state?.term.rawValue ?? 0
      #expect(found == done || found == done + 1)
      #expect(reading.isWhole || reading.state == nil)
    }
  }
}
