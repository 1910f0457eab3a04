import Testing

@testable import Raft

struct IdentityFileTests {
  let system = FaultFileSystem()
  var file: IdentityFile { IdentityFile(fileSystem: system, directory: "/data") }
  let first = Identity(member: MemberID(7))
  let second = Identity(
    member: MemberID(7), cluster: 99,
    initialConfiguration: Configuration(voters: [Member(id: MemberID(7), name: "a", address: "b")]))

  @Test func anIdentityIsNilUntilItIsSavedAndThenKept() throws {
    #expect(try file.load() == nil)
    try file.save(first)
    #expect(try file.load() == first)
    try file.save(second)
    #expect(try file.load() == second)
  }

  @Test func aCrashLeavesTheOldOrTheNewOne() throws {
    try file.save(first)
    let operations = system.operations
    let whole = system.copy()
    try IdentityFile(fileSystem: whole, directory: "/data").save(second)
    var luck = SeededGenerator(seed: 5)
    var found: Set<Identity?> = []
    for stop in 1...operations + 1 {
      for _ in 0..<5 {
        let system = system.copy()
        let file = IdentityFile(fileSystem: system, directory: "/data")
        system.stopsAt = stop
        let isSaved = (try? file.save(second)) != nil
        system.crash(&luck)
        let loaded = try file.load()
        #expect(loaded == second || (loaded == first && !isSaved))
        found.insert(loaded)
        // What a crash left behind does not hinder the next change.
        try file.save(second)
        system.crash(&luck)
        #expect(try file.load() == second)
      }
    }
    #expect(found.count == 2)
  }

  @Test func anyFlippedOrMissingByteIsDamage() throws {
    try file.save(second)
    let size = try #require(system.names["/data/identity"]?.current.count)
    for offset in 0..<size {
      let flipped = system.copy()
      flipped.flip("/data/identity", offset)
      let cut = system.copy()
      try cut.open("/data/identity", .update).truncate(to: offset)
      for system in [flipped, cut] {
        let error = #expect(throws: StorageError.self) {
          try IdentityFile(fileSystem: system, directory: "/data").load()
        }
        guard case .damaged("/data/identity", _, _)? = error else {
          Issue.record("\(offset): \(String(describing: error))")
          return
        }
      }
    }
  }
}
