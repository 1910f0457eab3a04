import Testing

@testable import Raft

/// Bytes made by Google's implementation from the text given beside them:
///
///     echo TEXT | protoc --encode=clean.raft.TYPE raft.proto | xxd -p
///
/// (protoc 3.21.12.) Ours must be the same, and mean the same.
struct GoldenBytesTests {
  private func check<T: WireMessage & Equatable>(_ value: T, _ hex: String) throws {
    let golden = stride(from: 0, to: hex.utf8.count, by: 2).compactMap { i in
      UInt8(hex.dropFirst(i).prefix(2), radix: 16)
    }
    #expect(golden.count * 2 == hex.utf8.count)
    #expect(WireCodec.bytes(of: value) == golden)
    #expect(try WireCodec.value(of: golden) == value)
  }

  private func message(
    from: UInt64 = 1, term: UInt64 = 7, _ body: Message.Body
  ) -> Message {
    Message(from: MemberID(from), to: MemberID(2), term: Term(term), body: body)
  }

  private func position(_ index: UInt64, _ term: UInt64) -> LogPosition {
    LogPosition(index: LogIndex(index), term: Term(term))
  }

  /// `from: 0x0102030405060708 to: 2 term: 300 timeout_now {}`
  @Test func anEmptyBody() throws {
    try check(
      message(from: 0x0102_0304_0506_0708, term: 300, .timeoutNow),
      "09080706050403020111020000000000000018ac027a00")
  }

  /// `from: 1 to: 2 term: 7 append { previous { index: 41 term: 6 }
  /// entries { index: 42 term: 7 term_start {} }
  /// entries { index: 43 term: 7 command { payload: "hello"
  ///   proposal { member: 0xfedcba9876543210 sequence: 5 } } }
  /// entries { index: 44 term: 7 command {} } commit: 41 }`
  @Test func entriesOfTwoKinds() throws {
    let entries = [
      Entry(position: position(42, 7), content: .termStart),
      Entry(
        position: position(43, 7),
        content: .command(
          Array("hello".utf8),
          proposal: ProposalID(member: MemberID(0xFEDC_BA98_7654_3210), sequence: 5))),
      Entry(position: position(44, 7), content: .command([], proposal: nil)),
    ]
    try check(
      message(
        .append(Append(previous: position(41, 6), entries: entries, commit: LogIndex(41)))),
      "0901000000000000001102000000000000001807423b0a04082910061206082a10071a001221082b1007221b"
        + "0a0568656c6c6f1212091032547698badcfe1105000000000000001206082c100722001829")
  }

  /// `… read_index_reply { batch: 9 index: 0 }` and `… read_index_reply { batch: 9 }`
  @Test func aZeroThatIsPresentIsNotAbsent() throws {
    let head = "0901000000000000001102000000000000001807"
    try check(message(.readIndexReply(batch: 9, index: .zero)), head + "9a010408091000")
    try check(message(.readIndexReply(batch: 9, index: nil)), head + "9a01020809")
  }

  /// `… append_rejected { previous: 1000000 hint { } }`,
  /// `… vote { last { index: 5 term: 2 } transfer: true }`,
  /// `… proposal_refused { id { member: 3 sequence: 4 } reason: PROPOSAL_REFUSAL_OVERLOADED }`
  @Test func answers() throws {
    let head = "0901000000000000001102000000000000001807"
    try check(
      message(.appendReply(.rejected(previous: LogIndex(1_000_000), hint: .zero))),
      head + "520608c0843d1200")
    try check(
      message(.vote(last: position(5, 2), transfer: true)), head + "32080a04080510021001")
    try check(
      message(.proposalRefused(ProposalID(member: MemberID(3), sequence: 4), .overloaded)),
      head + "8a01160a120903000000000000001104000000000000001002")
  }

  /// `… propose_change { id { member: 3 sequence: 4 } change { steps { remove: 5 } path: 1 } seen: 300 }`;
  /// programs from before `seen` leave it out.
  @Test func aChangeOfTheMembership() throws {
    func body(_ seen: UInt64) -> Message.Body {
      .proposeChange(
        ProposalID(member: MemberID(3), sequence: 4), MembershipChange([.remove(MemberID(5))]),
        seen: LogIndex(seen))
    }
    let head = "0901000000000000001102000000000000001807"
    let fields = "0a12090300000000000000110400000000000000120d0a092905000000000000001001"
    try check(message(body(300)), head + "a20126" + fields + "18ac02")
    try check(message(body(0)), head + "a20123" + fields)
  }

  /// `… snapshot_chunk { metadata { position { index: 5 term: 2 } configuration { } }
  /// offset: 300 bytes: "\000\377" is_last: true check: 0x5c1c2483 }`
  @Test func aSnapshotChunk() throws {
    let metadata = SnapshotMetadata(position: position(5, 2), configuration: Configuration())
    try check(
      message(
        .snapshotChunk(
          SnapshotChunk(metadata: metadata, offset: 300, bytes: [0, 255], isLast: true))),
      "0901000000000000001102000000000000001807"
        + "6a180a080a0408051002120010ac021a0200ff20012d83241c5c")
  }

  /// `index: 1 term: 1 configuration { members { id: 10 name: "clean-0"
  /// address: "clean-0.clean:8100" } members { id: 11 name: "ü" address: "h:1" }
  /// voters: 10 outgoing_voters: 10 outgoing_voters: 11 learners: 11 }` (Entry)
  @Test func aJointConfiguration() throws {
    let configuration = Configuration(
      members: [
        Member(id: MemberID(10), name: "clean-0", address: "clean-0.clean:8100"),
        Member(id: MemberID(11), name: "ü", address: "h:1"),
      ],
      voters: [MemberID(10)], outgoingVoters: [MemberID(10), MemberID(11)],
      learners: [MemberID(11)])
    try check(
      Entry(position: position(1, 1), content: .configuration(configuration)),
      "080110012a620a26090a000000000000001207636c65616e2d301a12636c65616e2d302e636c65616e3a3831"
        + "30300a12090b000000000000001202c3bc1a03683a3112080a000000000000001a100a00000000000000"
        + "0b0000000000000022080b00000000000000")
  }

  /// `… heartbeat_reply { round: 4 feature_level: 2 }`,
  /// `position { index: 5 term: 2 } configuration { feature_level: 2 }` (SnapshotMetadata).
  @Test func theFirstFeatureLevelIsLeftOut() throws {
    let head = "0901000000000000001102000000000000001807"
    try check(message(.heartbeatReply(round: 4)), head + "62020804")
    let second = FeatureLevel(rawValue: 2)
    try check(message(.heartbeatReply(round: 4, supports: second)), head + "620408041002")
    try check(
      SnapshotMetadata(
        position: position(5, 2), configuration: Configuration(featureLevel: second)),
      "0a040805100212023802")
  }

  /// SnapshotMetadata: `position { index: 99 term: 3 }
  /// configuration { members { id: 1 name: "a" address: "b:1" } voters: 1 }`.
  /// LogRecord: `opening { hard_state { term: 3 vote: 10 } last { index: 5 term: 2 } }`,
  /// `truncate { index: 5 term: 2 }`, `synchronized { }`.
  /// Identity: `member: 10 cluster: 0 initial_configuration { }`.
  /// Quarantine: `file: "wal/a" offset: 300 reason: "lost"`.
  @Test func whatFilesHold() throws {
    let member = Member(id: MemberID(1), name: "a", address: "b:1")
    try check(
      SnapshotMetadata(position: position(99, 3), configuration: Configuration(voters: [member])),
      "0a0408631003121d0a110901000000000000001201611a03623a3112080100000000000000")
    try check(
      LogRecord.opening(HardState(term: Term(3), vote: MemberID(10)), last: position(5, 2)),
      "0a130a0b0803110a00000000000000120408051002")
    try check(LogRecord.truncate(position(5, 2)), "220408051002")
    try check(LogRecord.synchronized, "3200")
    try check(
      Identity(member: MemberID(10), cluster: 0, initialConfiguration: Configuration()),
      "090a000000000000001100000000000000001a00")
    try check(
      Quarantine(file: "wal/a", offset: 300, reason: "lost"), "0a0577616c2f6110ac021a046c6f7374")
  }
}
