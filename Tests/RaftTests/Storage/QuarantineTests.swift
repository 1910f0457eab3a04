import Testing

@testable import Raft

/// Damaged logs that are opened nevertheless.
struct QuarantineTests {
  static let options = LogStore.Options(
    member: MemberID(9), segmentSize: 2048, createsLog: false, onDamage: .quarantine)
  typealias Sample = LogStoreDamageTests.Sample

  static func open(_ system: FaultFileSystem) throws -> (LogStore, RecoveredLog) {
    try LogStore.open(fileSystem: system, directory: "/log", options: options)
  }

  /// The log of a store, if it is one that the sample had at some time.
  static func prefix(of sample: Sample, in store: LogStore) -> LogModel? {
    sample.run.history.last { state in
      var state = state
      state.hardState = store.hardState
      return state.isHeld(by: store, compacted: sample.run.workload.compacted)
    }
  }

  /// Ways to damage a sample, each of which loses something durable.
  enum Damage: CaseIterable {
    case firstHeader, firstOpening, middleHeader, middleOpening, middleRecord, middleMissing
    case middleCut, lastHeader, lastRecord, allMissing

    func inflict(on sample: Sample) throws -> FaultFileSystem {
      let system = sample.system.copy()
      let paths = sample.ends.keys.sorted()
      let (first, middle, last) = (paths[0], paths[paths.count / 2], paths[paths.count - 1])
      switch self {
      case .firstHeader: system.flip(first, 17)
      case .firstOpening: system.flip(first, 70)
      case .middleHeader: system.flip(middle, 3)
      case .middleOpening: system.flip(middle, SegmentHeader.size + 5)
      case .middleRecord: system.flip(middle, 400)
      case .middleMissing: try system.remove(middle)
      case .middleCut: try system.open(middle, .update).truncate(to: 600)
      case .lastHeader: system.flip(last, 30)
      case .lastRecord: system.flip(last, 200)
      case .allMissing: for path in paths { try system.remove(path) }
      }
      return system.copy()
    }
  }

  @Test(arguments: [1, 2] as [UInt64])
  func aFlippedBitCostsNothingOrIsToldAndLeavesATruePrefix(seed: UInt64) throws {
    let sample = try Sample(seed: seed)
    var quarantined = 0
    // Segments, the ballot, and nothing else.
    #expect(sample.system.names.count == sample.ends.count + 1)
    for path in sample.system.names.keys.sorted() {
      let size = sample.system.names[path]?.current.count ?? 0
      for offset in stride(from: Int(seed), to: size, by: 5) {
        let system = sample.system.copy()
        system.flip(path, offset, mask: UInt8(1) << UInt8((offset / 5 &+ Int(seed)) % 8))
        let (store, recovered) = try Self.open(system)
        #expect(store.hardState == sample.run.workload.model.hardState)
        #expect(recovered.hardState == store.hardState)
        if recovered.quarantine == nil {
          #expect(
            sample.run.workload.model.isHeld(by: store, compacted: sample.run.workload.compacted))
          continue
        }
        quarantined += 1
        #expect(recovered.quarantine?.file == path)
        #expect(recovered.quarantine?.offset ?? .max <= offset)
        guard Self.prefix(of: sample, in: store) != nil else {
          Issue.record("\(path) \(offset): what is left is no prefix")
          return
        }
      }
    }
    #expect(quarantined > 1000)
  }

  @Test(arguments: Damage.allCases)
  func aDamagedLogGoesOnAfterItsPrefixUntilItIsWholeAgain(damage: Damage) throws {
    let sample = try Sample(seed: 3)
    let system = try damage.inflict(on: sample)
    let (store, recovered) = try Self.open(system)
    let found = try #require(Self.prefix(of: sample, in: store))
    #expect(recovered.quarantine != nil)
    #expect(store.quarantine == recovered.quarantine)
    #expect(store.hardState == sample.run.workload.model.hardState)
    let base = sample.run.workload.compacted
    if [.firstHeader, .firstOpening, .allMissing].contains(damage) {
      #expect(store.terms == TermIndex(base: .zero))
    } else {
      #expect(found.last.index > base)
    }
    let aside = try system.list("/log").filter { $0.hasSuffix(".damaged") }
    #expect(aside.isEmpty == (damage == .allMissing))

    // Written on, and still in quarantine.
    let next = found.last.index.next
    let entry = { (i: Int) in
      Entry(
        position: LogPosition(index: next + i, term: Term(900)),
        content: .command([UInt8](repeating: 1, count: 700), proposal: nil))
    }
    try store.append(PersistBatch(sequence: 1, entries: (0..<9).map(entry)))
    try store.synchronize()
    try store.compact(through: next + 4)
    #expect(try system.list("/log").filter { $0.hasSuffix(".damaged") } == aside)
    let (again, recoveredAgain) = try Self.open(system)
    #expect(recoveredAgain.quarantine == recovered.quarantine)
    #expect(again.terms == store.terms)
    #expect(again.hardState == store.hardState)

    try again.append(PersistBatch(sequence: 2, entries: [entry(9)], quarantine: .ends))
    #expect(again.quarantine != nil)
    try again.synchronize()
    #expect(again.quarantine == nil)
    try again.append(PersistBatch(sequence: 3, entries: (10..<14).map(entry)))
    try again.compact(through: next + 13)
    #expect(try system.list("/log").allSatisfy { !$0.hasSuffix(".damaged") })
    let (healed, recoveredHealed) = try LogStoreCrashTests.open(system)
    #expect(recoveredHealed.quarantine == nil)
    #expect(healed.terms.last == entry(13).position)
    #expect(healed.hardState == store.hardState)
  }

  @Test(arguments: Damage.allCases)
  func aCrashWhileDamageIsDroppedLosesNoMore(damage: Damage) throws {
    let sample = try Sample(seed: 3)
    let damaged = try damage.inflict(on: sample)
    let whole = damaged.copy()
    let (expected, _) = try Self.open(whole)
    #expect(whole.operations > 10)
    var luck = SeededGenerator(seed: 8)
    for stop in 1...whole.operations {
      for crashes in 1...2 {
        let system = damaged.copy()
        system.stopsAt = stop
        _ = try? Self.open(system)
        system.crash(&luck)
        if crashes == 2 {
          system.stopsAt = Int.random(in: 1...12, using: &luck)
          _ = try? Self.open(system)
          system.crash(&luck)
        }
        let (store, recovered) = try Self.open(system)
        #expect(recovered.quarantine != nil)
        #expect(store.hardState == expected.hardState)
        #expect(store.terms == expected.terms, "\(damage) \(stop)")
        #expect(Self.prefix(of: sample, in: store) != nil)
        #expect(try system.list("/log").filter { $0.hasSuffix(".damaged") }.count <= 20)
      }
    }
  }

  /// What is set aside is all there is left of it.
  @Test(arguments: Damage.allCases)
  func whatIsDroppedIsThereWhateverCrashesComeInBetween(damage: Damage) throws {
    let sample = try Sample(seed: 3)
    let damaged = try damage.inflict(on: sample)
    func aside(_ system: FaultFileSystem) -> [String: [UInt8]] {
      system.names.filter { $0.key.hasSuffix(".damaged") }.mapValues(\.current)
    }
    let whole = damaged.copy()
    _ = try Self.open(whole)
    var luck = SeededGenerator(seed: 9)
    for stop in 1...whole.operations {
      for _ in 0..<3 {
        let system = damaged.copy()
        system.stopsAt = stop
        _ = try? Self.open(system)
        system.crash(&luck)
        // A renamed file may have lost both names.
        let left = aside(whole).filter { path, _ in
          system.names[path] != nil || system.names[String(path.dropLast(8))] != nil
        }
        #expect(left.count >= aside(whole).count - 1)
        _ = try Self.open(system)
        #expect(aside(system) == left, "\(damage) \(stop)")
      }
    }
  }

  @Test func oneSetOfDroppedFilesIsKept() throws {
    let system = try Damage.middleRecord.inflict(on: try Sample(seed: 3))
    let (store, _) = try Self.open(system)
    let first = try system.list("/log").filter { $0.hasSuffix(".damaged") }
    system.flip(store.segments[0].path, 100)
    _ = try Self.open(system)
    let second = try system.list("/log").filter { $0.hasSuffix(".damaged") }
    let last = try #require(first.last)
    #expect(!second.isEmpty && !second.contains(last))
  }

  @Test func anErrorWhileDamageIsDroppedIsToldAndOpeningAgainWorks() throws {
    let sample = try Sample(seed: 3)
    let damaged = try Damage.middleRecord.inflict(on: sample)
    let whole = damaged.copy()
    let (expected, _) = try Self.open(whole)
    for failing in 1...whole.operations {
      for errno in [5, 28] as [Int32] {
        let system = damaged.copy()
        system.fails = (failing, errno)
        #expect(throws: StorageError.self) { try Self.open(system) }
        let (store, recovered) = try Self.open(system)
        #expect(recovered.quarantine != nil)
        #expect(store.terms == expected.terms)
        #expect(store.hardState == expected.hardState)
      }
    }
  }

  @Test(arguments: Damage.allCases)
  func damageIsRefusedUnlessAskedOtherwise(damage: Damage) throws {
    let system = try damage.inflict(on: Sample(seed: 3))
    let before = system.names.mapValues(\.current)
    var options = Self.options
    options.onDamage = .refuse
    #expect(throws: StorageError.self) {
      try LogStore.open(fileSystem: system, directory: "/log", options: options)
    }
    #expect(system.names.mapValues(\.current) == before)
  }

  // MARK: Votes

  @Test(arguments: Damage.allCases, [0, 1])
  func withoutTheVotesADamagedLogIsRefused(damage: Damage, slot: Int) throws {
    let system = try damage.inflict(on: Sample(seed: 3))
    let zeros = [UInt8](repeating: 0, count: 4096)
    try system.open("/log/ballot", .update).writeBytes(zeros, at: 4096 * slot)
    let gone = system.copy()
    try gone.remove("/log/ballot")
    for system in [system, gone] {
      let before = system.names.mapValues(\.current)
      let error = #expect(throws: StorageError.self) { try Self.open(system) }
      if damage == .allMissing {
        #expect(error == .logMissing(directory: "/log"))
      }
      #expect(error?.description.contains("must not come back as itself") == true)
      #expect(system.names.mapValues(\.current) == before)
    }
  }

  @Test(arguments: Damage.allCases)
  func lookingAtADamagedLogTellsWhatOpeningFindsAndChangesNothing(damage: Damage) throws {
    let system = try damage.inflict(on: try Sample(seed: 3))
    let before = system.names.mapValues(\.current)
    let seen = try LogStore.inspect(
      fileSystem: system, directory: "/log", options: Self.options)
    #expect(system.names.mapValues(\.current) == before)
    let (_, found) = try Self.open(system)
    #expect(seen.quarantine == found.quarantine && seen.quarantine != nil)
    #expect(seen.hardState == found.hardState)
    #expect(seen.terms == found.terms)
    #expect(seen.configurations.map(\.index) == found.configurations.map(\.index))
  }

  @Test func aWholeLogNeedsNoBallotFile() throws {
    let sample = try Sample(seed: 3)
    let removed = sample.system.copy()
    try removed.remove("/log/ballot")
    let zeroed = sample.system.copy()
    try zeroed.open("/log/ballot", .update).writeBytes([UInt8](repeating: 0, count: 8192), at: 0)
    for system in [removed, zeroed] {
      let (store, recovered) = try LogStoreCrashTests.open(system)
      #expect(recovered.quarantine == nil)
      #expect(store.hardState == sample.run.workload.model.hardState)
      let ballot = BallotFile(fileSystem: system, directory: "/log", member: MemberID(9))
      #expect(try ballot.read().isWhole)
      #expect(try ballot.read().state == store.hardState)
    }
  }

  /// Even when the power failed before the mark of the last batch was on disk.
  @Test func aVoteThatTheLogHasLostBetraysThatItIsDamaged() throws {
    let (system, vote) = (FaultFileSystem(), HardState(term: Term(7), vote: MemberID(2)))
    let (store, _) = try LogStoreCrashTests.open(system)
    let before = store.segments[0].end
    try store.append(PersistBatch(sequence: 1, hardState: vote))
    let end = store.segments[0].end
    try store.synchronize()
    let mark = end..<store.segments[0].end
    let path = store.segments[0].path
    for offset in before..<end {
      let copy = system.copy()
      let file = try copy.open(path, .update)
      try file.writeBytes([UInt8](repeating: 0, count: mark.count), at: mark.lowerBound)
      copy.flip(path, offset)
      #expect(throws: StorageError.self) { try LogStoreCrashTests.open(copy) }
      let (store, recovered) = try Self.open(copy)
      #expect(recovered.quarantine?.offset == before)
      #expect(store.hardState == vote)
    }
  }

  @Test func batchesWithoutAHardStateTouchTheLogAlone() throws {
    let system = FaultFileSystem()
    let (store, _) = try LogStoreCrashTests.open(system)
    func operations(_ batch: PersistBatch) throws -> Int {
      let before = system.operations
      try store.append(batch)
      try store.synchronize()
      return system.operations - before
    }
    let entry = Entry(position: LogPosition(index: LogIndex(1), term: Term(1)), content: .termStart)
    // The batch, its synchronization, the mark.
    #expect(try operations(PersistBatch(sequence: 1, entries: [entry])) == 3)
    #expect(try operations(PersistBatch(sequence: 2, hardState: HardState(term: Term(2)))) == 5)
  }

  // MARK: The quarantine file

  @Test func aDamagedQuarantineFileIsAQuarantine() throws {
    let sample = try Sample(seed: 3)
    let system = try Damage.middleRecord.inflict(on: sample)
    let (expected, first) = try Self.open(system)
    let size = system.names["/log/quarantine"]?.current.count ?? 0
    #expect(size > 50)
    for offset in 0..<size {
      let copy = system.copy()
      copy.flip("/log/quarantine", offset)
      let (store, recovered) = try Self.open(copy)
      #expect(recovered.quarantine?.file == "/log/quarantine")
      #expect(recovered.quarantine != first.quarantine)
      #expect(store.terms == expected.terms)
      #expect(try Self.open(copy).1.quarantine == recovered.quarantine)
    }
  }

  @Test func aQuarantineBeginsBeforeItsBatchAndEndsAfterIt() throws {
    let vote = HardState(term: Term(9), vote: MemberID(4))
    let restart = LogPosition(index: LogIndex(50), term: Term(8))
    func entry(_ index: UInt64) -> Entry {
      Entry(position: LogPosition(index: LogIndex(index), term: Term(8)), content: .termStart)
    }
    let quarantine = Quarantine(file: "state", offset: 3, reason: "it is gone")
    func script(_ system: FaultFileSystem) throws {
      let (store, _) = try LogStoreCrashTests.open(system)
      try store.append(PersistBatch(sequence: 1, entries: [entry(1)]))
      try store.synchronize()
      try store.append(
        PersistBatch(
          sequence: 2, hardState: vote, restart: restart, entries: [entry(51)],
          quarantine: .begins(quarantine)))
      #expect(store.quarantine == quarantine)
      try store.synchronize()
      try store.append(PersistBatch(sequence: 3, entries: [entry(52)], quarantine: .ends))
      try store.append(PersistBatch(sequence: 4, entries: [entry(53)]))
      #expect(store.quarantine == quarantine)
      try store.synchronize()
      #expect(store.quarantine == nil)
    }
    let whole = FaultFileSystem()
    try script(whole)
    var luck = SeededGenerator(seed: 21)
    var seen: Set<Bool> = []
    for stop in 1...whole.operations + 1 {
      for _ in 0..<4 {
        let system = FaultFileSystem()
        system.stopsAt = stop
        try? script(system)
        system.crash(&luck)
        let (store, recovered) = try LogStoreCrashTests.open(system)
        let isBegun = store.hardState == vote || store.terms.lastIndex > LogIndex(1)
        let isOver = store.terms.lastIndex == LogIndex(53)
        if recovered.quarantine == nil { #expect(!isBegun || isOver) }
        if recovered.quarantine != nil { #expect(recovered.quarantine == quarantine) }
        if isOver { seen.insert(recovered.quarantine == nil) }
      }
    }
    #expect(seen == [true, false])
  }

  // MARK: Elsewhere

  @Test func entriesThatTurnOutDamagedLeadToQuarantineByOpeningAgain() throws {
    let sample = try Sample(seed: 3)
    let system = sample.system.copy()
    let (store, _) = try Self.open(system)
    let index = store.terms.base.index + 3
    let place = store.contents.locations[2]
    let segment = try #require(
      store.segments.first { UInt32($0.header.sequence) == place.segment })
    system.flip(segment.path, Int(place.offset) + RecordFrame.headerSize)
    let error = #expect(throws: StorageError.self) {
      try store.entries(from: index, through: index, maxBytes: 1)
    }
    store.close()
    let (again, recovered) = try Self.open(system)
    let found = try #require(recovered.quarantine)
    #expect(found.file == segment.path && found.offset == Int(place.offset))
    guard case .damaged(found.file, found.offset, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(Self.prefix(of: sample, in: again) != nil)
    #expect(again.hardState == store.hardState)
  }

  @Test func anotherMembersLogIsNotTakenForADamagedOne() throws {
    let sample = try Sample(seed: 1)
    var options = Self.options
    options.member = MemberID(10)
    #expect(throws: StorageError.self) {
      try LogStore.open(fileSystem: sample.system, directory: "/log", options: options)
    }
    #expect(sample.system.names["/log/quarantine"] == nil)
  }
}
