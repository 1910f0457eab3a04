import Testing

@testable import Raft

/// Crashes of the whole machine at every place of a workload.
struct LogStoreCrashTests {
  static let options = LogStore.Options(member: MemberID(9), segmentSize: 2048)

  static func open(_ system: FaultFileSystem) throws -> (LogStore, RecoveredLog) {
    try LogStore.open(fileSystem: system, directory: "/log", options: options)
  }

  /// Runs a workload until it ends or the disk stops. `promised` are the states that may be found
  /// then: the last one synchronized, and each step of what was written after it.
  struct Run {
    var workload: Workload
    var promised = [LogModel()]
    /// The log after each step that was ever written.
    var history = [LogModel()]
    var isOver = false

    init(seed: UInt64) { workload = Workload(seed: seed) }

    mutating func go(_ system: FaultFileSystem, steps: Int) {
      do {
        let (store, _) = try LogStoreCrashTests.open(system)
        for _ in 0..<steps { try step(store) }
        isOver = true
      } catch {}
    }

    mutating func append(_ batch: PersistBatch, to store: LogStore) throws {
      let steps = workload.model.apply(batch)
      promised += steps
      history += steps
      try store.append(batch)
    }

    mutating func step(_ store: LogStore) throws {
      for _ in 0..<Int.random(in: 1...3, using: &workload.generator) {
        try append(workload.batch(), to: store)
      }
      if Int.random(in: 0..<3, using: &workload.generator) != 0 {
        try store.synchronize()
        promised = [workload.model]
      }
      if Int.random(in: 0..<6, using: &workload.generator) == 0 {
        // What may be compacted is in the log for good, whatever of the rest survives.
        let safe = promised.map(\.last.index).min() ?? .zero
        workload.compacted = max(
          workload.compacted,
          LogIndex(UInt64.random(in: 0...safe.rawValue, using: &workload.generator)))
        try store.compact(through: workload.compacted)
      }
      if Bool.random(using: &workload.generator) { try store.prepareAhead() }
    }
  }

  @Test(arguments: 0..<3 as Range<UInt64>)
  func whatWasSynchronizedIsRecoveredWhereverTheMachineStops(seed: UInt64) throws {
    let steps = 18
    let whole = FaultFileSystem()
    var reference = Run(seed: seed)
    reference.go(whole, steps: steps)
    #expect(reference.isOver)
    #expect(whole.operations > 50)

    for stop in 1...whole.operations {
      let system = FaultFileSystem()
      system.stopsAt = stop
      var run = Run(seed: seed)
      run.go(system, steps: steps)
      var luck = SeededGenerator(seed: seed &* 1_000_003 &+ UInt64(stop))
      system.crash(&luck)
      // A second crash, during the recovery from the first.
      if stop.isMultiple(of: 3) {
        system.stopsAt = Int.random(in: 1...6, using: &luck)
        _ = try? Self.open(system)
        system.crash(&luck)
      }
      let (store, recovered) = try Self.open(system)
      let found = run.promised.last { $0.isHeld(by: store, compacted: run.workload.compacted) }
      guard let found else {
        Issue.record("seed \(seed), stop \(stop): not a state that was promised")
        return
      }
      #expect(recovered.hardState == found.hardState)
      #expect(recovered.terms == store.terms)
      #expect(
        recovered.configurations.map(\.index)
          == found.entries.compactMap {
            if case .configuration = $0.content, $0.index > store.terms.base.index {
              $0.index
            } else {
              nil
            }
          })

      // What was recovered is durable, and can be written on.
      run.workload.model = found
      run.promised = [found]
      system.crash(&luck)
      run.go(system, steps: 3)
      #expect(run.isOver)
      let (again, _) = try Self.open(system)
      #expect(run.workload.model.isHeld(by: again, compacted: run.workload.compacted))
    }
  }

  /// Removals that a crash reorders would leave a gap, which is damage.
  @Test func aCompactionOfManySegmentsLeavesNoGapWhereverItStops() throws {
    func open(_ system: FaultFileSystem) throws -> (store: LogStore, written: FaultFileSystem) {
      let (store, _) = try Self.open(system)
      for i in 1...12 {
        let position = LogPosition(index: LogIndex(UInt64(i)), term: Term(1))
        let content = Entry.Content.command([UInt8](repeating: 3, count: 1_500), proposal: nil)
        try store.append(
          PersistBatch(
            sequence: UInt64(i), entries: [Entry(position: position, content: content)]))
      }
      try store.synchronize()
      return (store, system)
    }
    let (whole, written) = try open(FaultFileSystem())
    let before = written.operations
    try whole.compact(through: LogIndex(11))
    #expect(whole.segments.count < 3)
    var luck = SeededGenerator(seed: 12)
    for stop in before + 1...written.operations {
      for _ in 0..<20 {
        let (store, system) = try open(FaultFileSystem())
        system.stopsAt = stop
        try? store.compact(through: LogIndex(11))
        system.crash(&luck)
        let (again, recovered) = try Self.open(system)
        #expect(recovered.quarantine == nil)
        #expect(again.terms.lastIndex == LogIndex(12))
      }
    }
  }

  @Test(arguments: [5, 28] as [Int32], 0..<2 as Range<UInt64>)
  func everyErrorPoisonsTheStoreAndNothingPromisedIsLost(errno: Int32, seed: UInt64) throws {
    let whole = FaultFileSystem()
    var reference = Run(seed: seed)
    reference.go(whole, steps: 12)
    for failing in 1...whole.operations {
      let system = FaultFileSystem()
      guard let (store, _) = try? Self.open(system) else { return }
      system.fails = (failing, errno)
      var run = Run(seed: seed)
      do {
        for _ in 0..<12 { try run.step(store) }
        continue
      } catch let error as StorageError {
        guard case .file(let cause) = error else { throw error }
        #expect(cause.errno == errno)
        if cause.operation != "fallocate" && !cause.path.hasSuffix("wal-spare.tmp") {
          #expect(throws: StorageError.poisoned(by: cause)) {
            try store.append(PersistBatch(sequence: 0))
          }
          #expect(throws: StorageError.poisoned(by: cause)) { try store.synchronize() }
          #expect(throws: StorageError.poisoned(by: cause)) { try store.compact(through: .zero) }
          #expect(throws: StorageError.poisoned(by: cause)) {
            try store.entries(from: LogIndex(1), through: LogIndex(1), maxBytes: 1)
          }
        }
      }
      // The process starts again, and then the power fails. What was found in between must stay,
      // though the page cache may have shown what no synchronization had written.
      let (between, _) = try Self.open(system)
      let found = try #require(
        run.promised.last { $0.isHeld(by: between, compacted: run.workload.compacted) })
      run.promised = [found]
      run.workload.model = found
      // The same process goes on with the new store.
      if failing.isMultiple(of: 2) { try run.step(between) }
      var luck = SeededGenerator(seed: seed &+ UInt64(failing))
      system.crash(&luck)
      let (again, _) = try Self.open(system)
      #expect(
        run.promised.contains { $0.isHeld(by: again, compacted: run.workload.compacted) },
        "seed \(seed), operation \(failing)")
    }
  }
}
