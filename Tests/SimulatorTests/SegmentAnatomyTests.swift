import Raft
import Testing

@testable import Simulator

/// What the simulator takes damage to a log to mean is what the store finds.
@Suite struct SegmentAnatomyTests {
  private static let options = LogStore.Options(
    member: MemberID(3), segmentSize: 2048, onDamage: .quarantine)

  /// A disk with a log of several segments, all synchronized.
  private func makeDisk() throws -> SimulatedDisk {
    let disk = SimulatedDisk(seed: 5)
    let (store, _) = try LogStore.open(
      fileSystem: disk.mount(), directory: "/wal", options: Self.options)
    for number in 1...20 as ClosedRange<UInt64> {
      let entry = Entry(
        position: LogPosition(index: LogIndex(number), term: Term(1 + number / 8)),
        content: .command([UInt8](repeating: UInt8(number), count: 150), proposal: nil))
      let state = number % 8 == 1 ? HardState(term: entry.term, vote: MemberID(3)) : nil
      try store.append(PersistBatch(sequence: number, hardState: state, entries: [entry]))
      try store.synchronize()
    }
    store.close()
    return disk
  }

  private func segments(of disk: SimulatedDisk) throws -> [(name: String, SimulatedFileContent)] {
    let files = try #require(disk.directory(at: "/wal")).files
    for (_, content) in files { content.synchronize() }
    return files.filter { $0.name.hasSuffix(".log") }
  }

  @Test(arguments: [1, 100, 512]) func damageCostsWhatTheStoreFinds(size: Int) throws {
    let names = try segments(of: makeDisk()).map(\.name)
    var costs: [SegmentAnatomy.Cost: Int] = [:]
    var unnoticed = 0
    for (i, name) in names.enumerated() {
      for offset in stride(from: 0, to: 2048 - size, by: 61) {
        let disk = try makeDisk()
        let content = try segments(of: disk)[i].1
        let anatomy = SegmentAnatomy(content.bytes)
        let range = offset..<offset + size
        let cost = anatomy.cost(of: [range], isLast: i + 1 == names.count)
        content.damage(at: offset, with: content.bytes[range].map { ~$0 })
        let (store, found) = try LogStore.open(
          fileSystem: disk.mount(), directory: "/wal", options: Self.options)
        store.close()
        switch cost {
        case .ends(let end):
          costs[.ends(at: 0), default: 0] += 1
          #expect(found.quarantine?.file == "/wal/\(name)", "\(name) \(range)")
          #expect(found.quarantine?.offset == end, "\(name) \(range)")
        case .nothing, .unnoticeable:
          costs[cost, default: 0] += 1
          #expect(found.quarantine == nil, "\(name) \(range)")
          if found.terms.lastIndex < LogIndex(20) { unnoticed += 1 }
        }
      }
    }
    #expect(names.count > 2)
    #expect(costs[.ends(at: 0), default: 0] > 20)
    #expect(costs[.nothing, default: 0] > 3)
    // Only what is called unnoticeable costs entries silently.
    #expect(unnoticed <= costs[.unnoticeable, default: 0])
  }
}
