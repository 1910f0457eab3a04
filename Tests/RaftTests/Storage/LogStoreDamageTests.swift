import Testing

@testable import Raft

/// Bytes that change behind the log's back.
struct LogStoreDamageTests {
  /// A log of several segments, all of it synchronized, and what it holds.
  struct Sample {
    var system = FaultFileSystem()
    var run: LogStoreCrashTests.Run
    /// Where the records of each segment end.
    var ends: [String: Int] = [:]
    /// Where the last synchronized record ends; after it stands the mark.
    var durableEnd = 0
    var lastPath = ""

    init(seed: UInt64) throws {
      run = LogStoreCrashTests.Run(seed: seed)
      let (store, _) = try LogStoreCrashTests.open(system)
      for _ in 0..<6 { try run.step(store) }
      let first = run.workload.model.last.index.next
      let term = max(run.workload.model.last.term, run.workload.model.hardState.term)
      for i in 0..<8 {
        try store.synchronize()
        let entry = Entry(
          position: LogPosition(index: first + i, term: term),
          content: .command([UInt8](repeating: 7, count: i < 7 ? 800 : 3), proposal: nil))
        try run.append(PersistBatch(sequence: 99, entries: [entry]), to: store)
      }
      durableEnd = store.segments[store.segments.count - 1].end
      try store.synchronize()
      run.promised = [run.workload.model]
      for segment in store.segments { ends[segment.path] = segment.end }
      lastPath = store.segments[store.segments.count - 1].path
    }

    func isRecovered(_ system: FaultFileSystem) throws -> Bool {
      let (store, _) = try LogStoreCrashTests.open(system)
      return run.workload.model.isHeld(by: store, compacted: run.workload.compacted)
    }
  }

  @Test(arguments: [1] as [UInt64])
  func anyFlippedByteIsFoundAndNothingIsCut(seed: UInt64) throws {
    let sample = try Sample(seed: seed)
    #expect(sample.ends.count > 2)
    for path in sample.ends.keys.sorted() {
      guard let size = sample.system.names[path]?.current.count else { continue }
      let checked = path == sample.lastPath ? sample.durableEnd : sample.ends[path] ?? 0
      for offset in 0..<size {
        let system = sample.system.copy()
        system.flip(path, offset, mask: UInt8(1) << UInt8((offset &* 7 &+ Int(seed)) % 8))
        guard offset < checked else {
          // Only the mark and what lies beyond the records is affected.
          #expect(try sample.isRecovered(system), "\(path) \(offset)")
          continue
        }
        let before = system.names[path]?.current
        do {
          _ = try LogStoreCrashTests.open(system)
          Issue.record("\(path) \(offset): the damage was not found")
        } catch let error as StorageError {
          guard case .damaged(let file, let place, _) = error else { throw error }
          #expect(place <= offset)
          #expect(file.hasPrefix("/log/wal-"))
        }
        #expect(system.names[path]?.current == before)
      }
    }
  }

  @Test func withoutTheMarkOnlyTheLastBatchCanBeCut() throws {
    let sample = try Sample(seed: 4)
    let end = try #require(sample.ends[sample.lastPath])
    for offset in sample.durableEnd..<end {
      let byte = try #require(sample.system.names[sample.lastPath]?.current[offset])
      sample.system.flip(sample.lastPath, offset, mask: byte)
    }
    var shorter = sample.run.workload.model
    shorter.entries.removeLast()
    #expect(try sample.isRecovered(sample.system.copy()))
    var cut = 0
    for offset in SegmentHeader.size..<sample.durableEnd {
      let system = sample.system.copy()
      system.flip(sample.lastPath, offset)
      guard let (store, _) = try? LogStoreCrashTests.open(system) else { continue }
      #expect(shorter.isHeld(by: store, compacted: sample.run.workload.compacted))
      cut += 1
    }
    #expect(cut > 0 && cut < 64)
  }

  /// However full the segment is, there is room for the mark that protects its last batch.
  @Test func theLastBatchOfAFullSegmentIsProtected() throws {
    var fullest = Int.max
    for size in 0..<900 {
      let system = FaultFileSystem()
      let (store, _) = try LogStoreCrashTests.open(system)
      for (i, count) in [500, 500, size].enumerated() {
        let position = LogPosition(index: LogIndex(UInt64(i + 1)), term: Term(1))
        let entry = Entry(
          position: position, content: .command([UInt8](repeating: 7, count: count), proposal: nil))
        try store.append(PersistBatch(sequence: UInt64(i + 1), entries: [entry]))
        if i < 2 { try store.synchronize() }
      }
      let segment = store.segments[store.segments.count - 1]
      try store.synchronize()
      fullest = min(fullest, segment.header.fileSize - segment.end)
      system.flip(segment.path, segment.end - 1)
      #expect(throws: StorageError.self, "\(size)") { try LogStoreCrashTests.open(system) }
    }
    // The sizes tried come as close to the end of the segment as a record may.
    #expect(fullest < 64)
  }

  @Test func aFileThatIsCutShortIsDamage() throws {
    let sample = try Sample(seed: 1)
    for path in sample.ends.keys.sorted() {
      let size = sample.system.names[path]?.current.count ?? 0
      let end = path == sample.lastPath ? size : sample.ends[path] ?? 0
      for length in stride(from: 0, to: end, by: 37) {
        let system = sample.system.copy()
        try system.open(path, .update).truncate(to: length)
        #expect(throws: StorageError.self) { try LogStoreCrashTests.open(system) }
      }
    }
  }

  @Test func aZeroedSectorInTheMiddleIsDamage() throws {
    let sample = try Sample(seed: 5)
    for path in sample.ends.keys.sorted() {
      let end = path == sample.lastPath ? sample.durableEnd : sample.ends[path] ?? 0
      for start in stride(from: 0, to: end, by: 512) {
        let system = sample.system.copy()
        for offset in start..<min(start + 512, end) {
          system.flip(path, offset, mask: system.names[path]?.current[offset] ?? 0)
        }
        #expect(throws: StorageError.self) { try LogStoreCrashTests.open(system) }
      }
    }
  }

  @Test func aLostSegmentIsDamage() throws {
    let sample = try Sample(seed: 2)
    let paths = sample.ends.keys.sorted()
    try #require(paths.count >= 3)
    for path in paths[1..<(paths.count - 1)] {
      let system = sample.system.copy()
      try system.remove(path)
      let error = #expect(throws: StorageError.self) { try LogStoreCrashTests.open(system) }
      guard case .damaged(path, 0, _)? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }

  /// As after a crash that kept some of a compaction's removals and lost others, if they were made durable
  /// together.
  @Test func ofSegmentsThatAreGoneOnlyTheFirstOnesAreNotMissed() throws {
    let sample = try Sample(seed: 2)
    let paths = sample.ends.keys.sorted()
    try #require(paths.count >= 4)
    for gone in 1..<1 << (paths.count - 1) {
      let system = sample.system.copy()
      let missing = paths.indices.filter { gone >> $0 & 1 == 1 }
      for i in missing { try system.remove(paths[i]) }
      let (store, recovered) = try QuarantineTests.open(system)
      if missing == Array(0..<missing.count) {
        #expect(recovered.quarantine == nil)
        #expect(store.terms.last == sample.run.workload.model.last)
      } else {
        let firstKept = paths.indices.first { !missing.contains($0) } ?? 0
        let gap = missing.first { $0 > firstKept } ?? 0
        #expect(recovered.quarantine?.file == paths[gap])
        #expect(store.segments[0].path == paths[firstKept])
        #expect(store.terms.lastIndex <= sample.run.workload.model.last.index)
      }
      #expect(store.hardState == sample.run.workload.model.hardState)
    }
  }

  @Test func segmentsThatChangedPlacesAreDamage() throws {
    let sample = try Sample(seed: 2)
    let paths = sample.ends.keys.sorted()
    let system = sample.system.copy()
    try system.rename(paths[0], to: "/log/aside")
    try system.rename(paths[1], to: paths[0])
    try system.rename("/log/aside", to: paths[1])
    #expect(throws: StorageError.self) { try LogStoreCrashTests.open(system) }
  }

  @Test func anotherMembersLogIsRefused() throws {
    let sample = try Sample(seed: 1)
    let error = #expect(throws: StorageError.self) {
      try LogStore.open(
        fileSystem: sample.system, directory: "/log",
        options: LogStore.Options(member: MemberID(10), segmentSize: 2048))
    }
    #expect(error?.description.contains("belongs to member 0000000000000009") == true)
  }

  @Test func damageUnderAnOpenLogIsFoundWhenItIsRead() throws {
    let system = FaultFileSystem()
    let (store, _) = try LogStoreCrashTests.open(system)
    let entries = (1...3).map {
      Entry(
        position: LogPosition(index: LogIndex($0), term: Term(1)),
        content: .command([UInt8](repeating: UInt8($0), count: 100), proposal: nil))
    }
    try store.append(PersistBatch(sequence: 1, entries: entries))
    try store.synchronize()
    let place = Int(store.contents.locations[1].offset)
    system.flip(store.segments[0].path, place + 60)
    #expect(
      try store.entries(from: LogIndex(1), through: LogIndex(1), maxBytes: .max) == [entries[0]])
    let error = #expect(throws: StorageError.self) {
      try store.entries(from: LogIndex(1), through: LogIndex(3), maxBytes: .max)
    }
    guard case .damaged(store.segments[0].path, place, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
