import Raft
import Testing

@testable import Simulator

@Suite struct SimulatedDiskTests {
  private static let pattern = [UInt8](repeating: 7, count: 4 * 512)

  private func write(_ bytes: [UInt8], to file: any File) throws {
    try bytes.withUnsafeBytes { try file.write($0, at: 0) }
  }

  private func content(_ path: String, on fileSystem: some FileSystem) throws -> [UInt8] {
    let file = try fileSystem.open(path, .read)
    var bytes = [UInt8](repeating: 0, count: try file.size())
    let count = try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
    #expect(count == bytes.count)
    return bytes
  }

  /// A disk with the durable file `/d/f` of four zero sectors.
  private func makeDisk(_ seed: UInt64) throws -> SimulatedDisk {
    let disk = SimulatedDisk(seed: seed)
    let fileSystem = disk.mount()
    try fileSystem.createDirectory("/d")
    try fileSystem.synchronizeDirectory("/")
    let file = try fileSystem.open("/d/f", .create)
    try write([UInt8](repeating: 0, count: 4 * 512), to: file)
    try file.synchronize()
    try fileSystem.synchronizeDirectory("/d")
    return disk
  }

  @Test func synchronizedBytesSurviveAPowerLoss() throws {
    for seed in 0..<50 as Range<UInt64> {
      let disk = try makeDisk(seed)
      let file = try disk.mount().open("/d/f", .update)
      try write(Self.pattern, to: file)
      try file.synchronize()
      _ = disk.losePower()
      #expect(try content("/d/f", on: disk.mount()) == Self.pattern)
    }
  }

  @Test func eachUnsynchronizedSectorIsOldOrNew() throws {
    var outcomes: Set<[Bool]> = []
    for seed in 0..<200 as Range<UInt64> {
      let disk = try makeDisk(seed)
      try write(Self.pattern, to: try disk.mount().open("/d/f", .update))
      _ = disk.losePower()
      let found = try content("/d/f", on: disk.mount())
      #expect(found.count == 4 * 512)
      outcomes.insert(
        (0..<4).map { sector in
          let bytes = Set(found[sector * 512..<(sector + 1) * 512])
          #expect(bytes.count == 1)
          return bytes == [7]
        })
    }
    // Nothing, everything, and all kinds of mixtures.
    #expect(outcomes.count == 16)
  }

  @Test func oneSectorMayBeTorn() throws {
    var cuts: Set<Int> = []
    for seed in 0..<200 as Range<UInt64> {
      let disk = try makeDisk(seed)
      disk.behavior.tearChance = 1_000_000
      try write(Self.pattern, to: try disk.mount().open("/d/f", .update))
      let damage = disk.losePower()
      let found = try content("/d/f", on: disk.mount())
      let sectors = (0..<4).map { found[$0 * 512..<($0 + 1) * 512] }
      let torn = sectors.filter { Set($0).count > 1 }
      #expect(torn.count <= damage.sectorsTorn && damage.sectorsTorn <= 1)
      #expect(damage.sectorsKept + damage.sectorsLost + damage.sectorsTorn == 4)
      for sector in torn {
        // Its beginning is new, or its end.
        let isNew = sector.map { $0 == 7 }
        #expect(zip(isNew, isNew.dropFirst()).count { $0 != $1 } == 1)
        cuts.insert(isNew.count { $0 })
      }
    }
    #expect(cuts.count > 20)
  }

  @Test func writtenBytesSurviveTheProcess() throws {
    let disk = try makeDisk(1)
    try write(Self.pattern, to: try disk.mount().open("/d/f", .update))
    disk.loseProcess()
    #expect(try content("/d/f", on: disk.mount()) == Self.pattern)
  }

  @Test func namesSurviveForCertainOnlyAfterSynchronizingTheDirectory() throws {
    var survived = 0
    for seed in 0..<100 as Range<UInt64> {
      let disk = try makeDisk(seed)
      let fileSystem = disk.mount()
      let file = try fileSystem.open("/d/g", .create)
      try write(Self.pattern, to: file)
      try file.synchronize()
      try fileSystem.rename("/d/f", to: "/d/h")
      if seed % 2 == 0 { try fileSystem.synchronizeDirectory("/d") }
      _ = disk.losePower()
      let names = try disk.mount().list("/d")
      if seed % 2 == 0 {
        #expect(names == ["g", "h"])
      } else {
        #expect(names.contains("f") != names.contains("h"), "a rename is one step")
        if names.contains("g") { survived += 1 }
      }
    }
    #expect(survived > 0 && survived < 50)
  }

  @Test func aProcessThatEndedReachesTheDiskNoMore() throws {
    let disk = try makeDisk(1)
    let old = disk.mount()
    let file = try old.open("/d/f", .update)
    disk.loseProcess()
    #expect(throws: FileError.self) { try write(Self.pattern, to: file) }
    #expect(throws: FileError.self) { try old.remove("/d/f") }
    #expect(try content("/d/f", on: disk.mount()) == [UInt8](repeating: 0, count: 4 * 512))
  }

  @Test func anArmedCrashStopsWithinTheOperation() throws {
    var lengths: Set<Int> = []
    for seed in 0..<50 as Range<UInt64> {
      let disk = try makeDisk(seed)
      let fileSystem = disk.mount()
      disk.armCrash(after: 1)
      let file = try fileSystem.open("/d/f", .update)
      try write([1], to: file)
      #expect(throws: FileError.self) { try write(Self.pattern, to: file) }
      #expect(disk.isFrozen)
      #expect(throws: FileError.self) { try file.synchronize() }
      disk.loseProcess()
      lengths.insert(try content("/d/f", on: disk.mount()).count { $0 == 7 })
    }
    #expect(lengths == [0, 512, 1024, 1536, 2048], "a write may be cut after any sector")
  }

  @Test func aFullDiskTakesWhatItHasRoomForAlready() throws {
    let disk = try makeDisk(1)
    let fileSystem = disk.mount()
    let file = try fileSystem.open("/d/f", .update)
    disk.isFull = true
    try write(Self.pattern, to: file)
    try file.synchronize()
    let refusals: [() throws -> Void] = [
      { try self.write(Self.pattern + [1], to: file) }, { try file.preallocate(4096) },
      { _ = try fileSystem.open("/d/g", .create) }, { try fileSystem.createDirectory("/e") },
    ]
    for refused in refusals {
      let error = #expect(throws: FileError.self) { try refused() }
      #expect(error?.isNoSpace == true)
    }
    disk.isFull = false
    try file.preallocate(4096)
    _ = disk.losePower()
    #expect(try content("/d/f", on: disk.mount()).prefix(2048) == Self.pattern[...])
  }

  @Test func damageIsSeenAtOnceAndStays() throws {
    let disk = try makeDisk(1)
    let file = try disk.mount().open("/d/f", .update)
    try write(Self.pattern, to: file)
    try file.synchronize()
    let stored = try #require(disk.file(at: "/d/f"))
    // A lost write puts a sector back to what it was.
    stored.damage(at: 512, with: stored.overwritten(512..<1024))
    let damaged = Self.pattern[..<512] + [UInt8](repeating: 0, count: 512) + Self.pattern[1024...]
    #expect(try content("/d/f", on: disk.mount()) == Array(damaged))
    _ = disk.losePower()
    #expect(try content("/d/f", on: disk.mount()) == Array(damaged))
  }

  @Test func afterAFailedSynchronizationASecondOneProvesNothing() throws {
    var lost = 0
    for seed in 0..<50 as Range<UInt64> {
      let disk = try makeDisk(seed)
      let file = try disk.mount().open("/d/f", .update)
      try write(Self.pattern, to: file)
      disk.behavior.errorChance = 1_000_000
      #expect(throws: FileError.self) { try file.synchronize() }
      disk.behavior.errorChance = 0
      try file.synchronize()
      _ = disk.losePower()
      if try content("/d/f", on: disk.mount()) != Self.pattern { lost += 1 }
    }
    #expect(lost > 0)
  }
}
