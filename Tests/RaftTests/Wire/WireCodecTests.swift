import Testing

@testable import Raft

struct WireCodecTests {
  @Test(arguments: 0..<SampleMessages.kinds)
  func everyMessageComesBackAsItWas(kind: Int) throws {
    var samples = SampleMessages(seed: UInt64(kind))
    for _ in 0..<60 {
      let message = samples.message(kind)
      let bytes = WireCodec.encode(message)
      #expect(try WireCodec.decodeMessage(bytes) == message)
      #expect(WireCodec.encode(message) == bytes)
    }
  }

  @Test func entriesConfigurationsAndMetadataComeBackAsTheyWere() throws {
    var samples = SampleMessages(seed: 1)
    for _ in 0..<100 {
      let configuration = samples.configuration()
      #expect(
        try WireCodec.decodeConfiguration(WireCodec.encode(configuration)) == configuration)
      let metadata = SnapshotMetadata(position: samples.position(), configuration: configuration)
      #expect(try WireCodec.decodeSnapshotMetadata(WireCodec.encode(metadata)) == metadata)
      for entry in samples.entries(after: samples.position()) {
        #expect(try WireCodec.decodeEntry(WireCodec.encode(entry)) == entry)
      }
    }
  }

  @Test func aCutMessageIsRefusedOrMeansLess() throws {
    var samples = SampleMessages(seed: 2)
    for kind in 0..<SampleMessages.kinds {
      let message = samples.message(kind)
      let bytes = WireCodec.encode(message)
      for length in 0..<bytes.count {
        let decoded = try? WireCodec.decodeMessage(Array(bytes[..<length]))
        #expect(decoded != message)
      }
    }
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func mutatedBytesNeverTrapAndWhatIsAcceptedIsStable(seed: UInt64) throws {
    var samples = SampleMessages(seed: seed)
    var accepted = 0
    for _ in 0..<1500 {
      var bytes = WireCodec.encode(samples.message(Int(samples.number() % 20)))
      for _ in 0..<Int.random(in: 1...4, using: &samples.generator) {
        let i = Int.random(in: 0..<bytes.count, using: &samples.generator)
        switch Int.random(in: 0..<5, using: &samples.generator) {
        case 0: bytes[i] = UInt8(truncatingIfNeeded: samples.generator.next())
        case 1: bytes[i] ^= 1 << UInt8.random(in: 0..<8, using: &samples.generator)
        case 2: bytes.insert(0xFF, at: i)
        case 3: bytes.insert(contentsOf: bytes[i...].prefix(9), at: i)
        default: if bytes.count > 1 { bytes.remove(at: i) }
        }
      }
      guard let message = try? WireCodec.decodeMessage(bytes) else { continue }
      accepted += 1
      #expect(try WireCodec.decodeMessage(WireCodec.encode(message)) == message)
    }
    #expect(accepted > 0 && accepted < 1500)
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func noiseNeverTraps(seed: UInt64) {
    var samples = SampleMessages(seed: seed)
    for _ in 0..<2000 {
      let bytes = samples.bytes()
      _ = try? WireCodec.decodeMessage(bytes)
      _ = try? WireCodec.decodeEntry(bytes)
      _ = try? WireCodec.decodeConfiguration(bytes)
      _ = try? WireCodec.value(of: bytes, as: LogRecord.self)
      _ = try? WireCodec.value(of: bytes, as: Identity.self)
    }
  }

  @Test func unknownFieldsAreSkipped() throws {
    let entry = Entry(
      position: LogPosition(index: LogIndex(3), term: Term(2)),
      content: .command([1], proposal: nil))
    var writer = WireWriter()
    writer.presentUInt64(100, .max)
    writer.presentFixed64(101, 5)
    writer.bytes(102, [1, 2, 3])
    entry.write(to: &writer)
    writer.varint(103 << 3 | 5)
    writer.bytes += [1, 2, 3, 4]
    #expect(try WireCodec.decodeEntry(writer.bytes) == entry)
  }

  @Test func repeatedNumbersAreReadPackedAndUnpacked() throws {
    let member = Member(id: MemberID(5), name: "a", address: "b")
    var writer = WireWriter()
    writer.message(1, member)
    writer.presentFixed64(2, 5)
    #expect(
      try WireCodec.decodeConfiguration(writer.bytes) == Configuration(voters: [member]))
  }

  @Test(
    arguments: [
      ([0x08], .truncated),
      ([0x08, 0x80], .truncated),
      ([0x08] + [UInt8](repeating: 0x80, count: 10) + [0], .overlongVarint),
      ([0x08] + [UInt8](repeating: 0xFF, count: 9) + [2], .overlongVarint),
      ([0x08] + [UInt8](repeating: 0xFF, count: 9) + [1], .invalidValue("index")),
      ([0x00, 0x00], .invalidTag(0)),
      ([0x0B], .invalidTag(0x0B)),
      ([0x0F], .invalidTag(0x0F)),
      ([0x0A, 0x00], .wrongWireType(field: 1)),
      ([0x1A, 0x05], .truncated),
      ([0x1A] + [UInt8](repeating: 0xFF, count: 9) + [1], .truncated),
      ([0x1A, 0x00], .missingField("Entry.index")),
      ([0x08, 0x01], .missingField("Entry.content")),
      ([0x08, 0x01, 0x22, 0x02, 0x12, 0x00], .missingField("ProposalId.member")),
    ] as [([UInt8], WireError)])
  func malformedEntriesAreRefused(bytes: [UInt8], error: WireError) {
    #expect(throws: error) { try WireCodec.decodeEntry(bytes) }
  }

  @Test func aConfigurationMustBeAboutItsMembers() {
    func refuses(_ write: (inout WireWriter) -> Void) {
      var writer = WireWriter()
      writer.message(1, Member(id: MemberID(5), name: "a", address: "b"))
      write(&writer)
      #expect(throws: WireError.self) { try WireCodec.decodeConfiguration(writer.bytes) }
    }
    refuses { $0.presentFixed64(2, 6) }
    refuses { $0.fixed64s(3, [5, 5]) }
    refuses { $0.bytes(4, [1, 2, 3]) }
    refuses { $0.message(1, Member(id: MemberID(5), name: "c", address: "d")) }
    refuses { $0.message(1) { $0.string(2, "no ID") } }
    refuses { $0.message(1) { $0.bytes(2, [0xFF]) } }
  }

  @Test func anAppendMustBeALogThatFollows() {
    func refuses(_ entries: [(UInt64, UInt64)]) {
      let append = Append(
        previous: LogPosition(index: LogIndex(4), term: Term(3)),
        entries: entries.map {
          Entry(
            position: LogPosition(index: LogIndex($0), term: Term($1)), content: .termStart)
        }, commit: .zero)
      let bytes = WireCodec.encode(
        Message(from: MemberID(1), to: MemberID(2), term: Term(9), body: .append(append)))
      #expect(throws: WireError.invalidValue("Append.entries")) {
        try WireCodec.decodeMessage(bytes)
      }
    }
    refuses([(6, 3)])
    refuses([(5, 2)])
    refuses([(5, 4), (6, 3)])
    refuses([(5, 4), (5, 4)])
  }

  @Test func anEmptyPieceOfASnapshotIsRefused() {
    let metadata = SnapshotMetadata(
      position: LogPosition(index: LogIndex(5), term: Term(2)), configuration: Configuration())
    let chunk = SnapshotChunk(metadata: metadata, offset: 0, bytes: [], isLast: true)
    let bytes = WireCodec.encode(
      Message(from: MemberID(1), to: MemberID(2), term: Term(2), body: .snapshotChunk(chunk)))
    #expect(throws: WireError.missingField("SnapshotChunk.bytes")) {
      try WireCodec.decodeMessage(bytes)
    }
  }

  @Test(arguments: [0, 4, 255, 256, .max] as [UInt64])
  func anUnknownRefusalIsRefused(reason: UInt64) {
    var writer = WireWriter()
    writer.fixed64(1, 1)
    writer.fixed64(2, 2)
    writer.message(17) {
      $0.message(1, ProposalID(member: MemberID(3), sequence: 4))
      $0.uint64(2, reason)
    }
    #expect(throws: WireError.invalidValue("ProposalRefused.reason")) {
      try WireCodec.decodeMessage(writer.bytes)
    }
  }
}
