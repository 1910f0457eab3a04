import Glibc
import Testing

@testable import Raft

/// A directory of real files that goes with its owner.
final class TemporaryDirectory {
  let path: String

  init() throws {
    let template = try #require(strdup("/tmp/raft-storage-XXXXXX"))
    defer { free(template) }
    path = try String(cString: #require(mkdtemp(template)))
  }

  deinit { Self.remove(path) }

  private static func remove(_ path: String) {
    for name in (try? PosixFileSystem().list(path)) ?? [] { remove(path + "/" + name) }
    if rmdir(path) != 0 { unlink(path) }
  }
}

/// The log on real files.
struct LogStoreTests {
  let directory: TemporaryDirectory
  let options = LogStore.Options(member: MemberID(0xABC), segmentSize: 4096)

  init() throws { directory = try TemporaryDirectory() }

  func open() throws -> (LogStore, RecoveredLog) {
    try LogStore.open(
      fileSystem: PosixFileSystem(), directory: directory.path + "/log", options: options)
  }

  func entry(_ index: Int, term: Int = 1, size: Int = 10) -> Entry {
    Entry(
      position: LogPosition(index: LogIndex(UInt64(index)), term: Term(UInt64(term))),
      content: .command([UInt8](repeating: UInt8(index % 256), count: size), proposal: nil))
  }

  @Test func aNewLogIsEmpty() throws {
    let (store, recovered) = try open()
    #expect(recovered.hardState == HardState())
    #expect(recovered.terms == TermIndex(base: .zero))
    #expect(recovered.snapshot == nil)
    #expect(store.sizeInBytes > 0)
  }

  @Test func aRandomLogSurvivesManyReopenings() throws {
    var workload = Workload(seed: 77)
    for _ in 0..<60 {
      let (store, recovered) = try open()
      #expect(workload.model.isHeld(by: store, compacted: workload.compacted))
      #expect(recovered.terms == store.terms)
      for _ in 0..<4 {
        let batch = workload.batch()
        _ = workload.model.apply(batch)
        try store.append(batch)
      }
      try store.synchronize()
      workload.compacted = max(
        workload.compacted, workload.model.entries.last?.index.previous ?? .zero)
      try store.compact(through: workload.compacted)
      #expect(workload.model.isHeld(by: store, compacted: workload.compacted))
      store.close()
    }
    #expect(try PosixFileSystem().list(directory.path + "/log").count < 6)
  }

  @Test func reopeningAnIdleLogDoesNotMakeItGrow() throws {
    try open().0.append(PersistBatch(sequence: 1, entries: [entry(1)]))
    let size = try open().0.sizeInBytes
    for _ in 0..<5 { #expect(try open().0.sizeInBytes == size) }
  }

  @Test func entriesLargerThanASegmentAreReadBack() throws {
    let (store, _) = try open()
    let entries = [
      entry(1), entry(2, size: 3000), entry(3, size: 50_000), entry(4, size: 4000), entry(5),
    ]
    try store.append(PersistBatch(sequence: 1, entries: entries))
    try store.synchronize()
    let all = { (store: LogStore) in
      try store.entries(from: LogIndex(1), through: LogIndex(5), maxBytes: .max)
    }
    #expect(try all(store) == entries)
    #expect(try all(open().0) == entries)
  }

  @Test func readingKeepsToTheLimitButReturnsAtLeastOneEntry() throws {
    let (store, _) = try open()
    let entries = (1...20).map { entry($0, size: 100) }
    try store.append(PersistBatch(sequence: 1, entries: entries))
    let read = { try store.entries(from: LogIndex(3), through: LogIndex(20), maxBytes: $0) }
    #expect(try read(0) == [entries[2]])
    #expect(try read(1) == [entries[2]])
    #expect(try read(350) == Array(entries[2...4]))
    #expect(try read(1 << 20) == Array(entries[2...]))
  }

  @Test func entriesOutsideOfTheLogAreRefused() throws {
    let (store, _) = try open()
    try store.append(PersistBatch(sequence: 1, entries: [entry(1), entry(2)]))
    for (from, through) in [(0, 1), (1, 3), (3, 3), (2, 1)] as [(UInt64, UInt64)] {
      #expect(throws: StorageError.self) {
        try store.entries(from: LogIndex(from), through: LogIndex(through), maxBytes: 1)
      }
    }
  }

  @Test func aReplacedSuffixStaysReplaced() throws {
    let (store, _) = try open()
    try store.append(PersistBatch(sequence: 1, entries: (1...100).map { entry($0, size: 80) }))
    try store.synchronize()
    let new = (60...62).map { entry($0, term: 2) }
    try store.append(PersistBatch(sequence: 2, entries: new))
    try store.synchronize()
    for store in [store, try open().0] {
      #expect(store.terms.last == LogPosition(index: LogIndex(62), term: Term(2)))
      #expect(
        try store.entries(from: LogIndex(59), through: LogIndex(62), maxBytes: .max)
          == [entry(59, size: 80)] + new)
    }
  }

  @Test func compactionDropsOnlyWholeSegmentsBelowTheIndexAndKeepsTheHardState() throws {
    let (store, _) = try open()
    let state = HardState(term: Term(1), vote: MemberID(5))
    try store.append(
      PersistBatch(sequence: 1, hardState: state, entries: (1...200).map { entry($0, size: 80) }))
    let full = store.sizeInBytes
    try store.compact(through: LogIndex(120))
    let base = store.terms.base.index
    #expect(base > LogIndex(60) && base <= LogIndex(120))
    #expect(store.sizeInBytes < full / 2 + 4096)
    for store in [store, try open().0] {
      #expect(store.hardState == state)
      #expect(store.terms.base == LogPosition(index: base, term: Term(1)))
      #expect(
        try store.entries(from: base.next, through: LogIndex(200), maxBytes: .max)
          == ((base - .zero + 1)...200).map { entry($0, size: 80) })
    }
  }

  @Test func aRestartForgetsEverythingBeforeIt() throws {
    let (store, _) = try open()
    try store.append(PersistBatch(sequence: 1, entries: (1...100).map { entry($0, size: 80) }))
    let position = LogPosition(index: LogIndex(500), term: Term(7))
    try store.append(
      PersistBatch(
        sequence: 2, hardState: HardState(term: Term(7)), restart: position,
        entries: [entry(501, term: 7)]))
    try store.compact(through: .zero)
    for (store, recovered) in [(store, nil), try open()] as [(LogStore, RecoveredLog?)] {
      #expect(store.segments.count == 1)
      #expect(store.terms.base == position)
      #expect(recovered == nil || recovered?.terms.lastIndex == LogIndex(501))
      #expect(
        try store.entries(from: LogIndex(501), through: LogIndex(501), maxBytes: 1)
          == [entry(501, term: 7)])
    }
  }

  @Test func sizesAreToldInSmallPieces() throws {
    let (store, recovered) = try open()
    #expect(recovered.sizes.isEmpty)
    // Four records of about a thousand bytes make a piece, whatever segment they are in.
    try store.append(PersistBatch(sequence: 1, entries: (1...10).map { entry($0, size: 900) }))
    try store.append(PersistBatch(sequence: 2, entries: [entry(10, term: 2, size: 10)]))
    try store.append(PersistBatch(sequence: 3, entries: [entry(11, term: 2, size: 9_000)]))
    let sizes = try open().1.sizes
    #expect(sizes.map(\.through) == [4, 8, 10, 11].map { LogIndex($0) })
    let bytes = { (i: Int, size: Int) in
      WireCodec.bytes(of: LogRecord.entry(entry(i, size: size))).count + RecordFrame.headerSize
    }
    #expect(
      sizes.map(\.bytes) == [
        4 * bytes(1, 900), 4 * bytes(5, 900), bytes(9, 900) + bytes(10, 10), bytes(11, 9_000),
      ])
    try store.compact(through: LogIndex(5))
    #expect(try open().1.sizes.last?.through == LogIndex(11))
  }

  @Test func aLostLogIsNotMadeAnew() throws {
    _ = try open()
    var options = options
    options.createsLog = false
    let log = directory.path + "/log"
    _ = try LogStore.open(fileSystem: PosixFileSystem(), directory: log, options: options)
    try PosixFileSystem().remove(log + "/" + SegmentHeader.fileName(1))
    #expect(throws: StorageError.logMissing(directory: log)) {
      try LogStore.open(fileSystem: PosixFileSystem(), directory: log, options: options)
    }
  }

  @Test func segmentsHaveTheirFullSizeBeforeTheyAreWritten() throws {
    let (store, _) = try open()
    #expect(try store.tailFile.size() == 4096)
    try store.append(PersistBatch(sequence: 1, entries: [entry(1, size: 3000)]))
    try store.prepareAhead()
    let spare = directory.path + "/log/wal-spare.tmp"
    #expect(try PosixFileSystem().open(spare, .read).size() == 4096)
    try store.append(PersistBatch(sequence: 2, entries: [entry(2, size: 3000)]))
    #expect(store.segments.count == 2)
    #expect(throws: FileError.self) { try PosixFileSystem().open(spare, .read) }
  }
}
