import Glibc
import Testing

@testable import Raft

struct PosixFileSystemTests {
  let directory: TemporaryDirectory
  let system = PosixFileSystem()

  init() throws { directory = try TemporaryDirectory() }

  func path(_ name: String) -> String { directory.path + "/" + name }

  @Test func whatIsWrittenIsReadAtItsPlace() throws {
    let file = try system.open(path("a"), .create)
    try file.writeBytes([1, 2, 3], at: 5)
    try file.synchronize()
    #expect(try file.size() == 8)
    #expect(try file.readBytes(at: 4, count: 10) == [0, 1, 2, 3])
    #expect(try file.readBytes(at: 8, count: 10) == [])
    try file.preallocate(3_000_000)
    #expect(try file.size() == 3_000_000)
    #expect(try file.readBytes(at: 6, count: 3) == [2, 3, 0])
    try file.preallocate(5)
    #expect(try file.size() == 3_000_000)
    try file.truncate(to: 6)
    try file.close()
    #expect(try system.open(path("a"), .read).readBytes(at: 0, count: 9) == [0, 0, 0, 0, 0, 1])
    #expect(try system.open(path("a"), .create).size() == 0)
  }

  @Test func namesAreListedRenamedAndRemoved() throws {
    try system.createDirectory(path("d"))
    try system.createDirectory(path("d"))
    for name in ["c", "a", "b"] { try system.open(path("d/" + name), .create).close() }
    let open = try system.open(path("d/a"), .update)
    try open.writeBytes([9], at: 0)
    try system.rename(path("d/a"), to: path("d/b"))
    try system.synchronizeDirectory(path("d"))
    #expect(try system.list(path("d")) == ["b", "c"])
    try system.remove(path("d/b"))
    #expect(try open.readBytes(at: 0, count: 1) == [9])
  }

  @Test func errorsNameTheOperationTheFileAndTheReason() throws {
    let missing = path("missing")
    let error = #expect(throws: FileError.self) { try system.open(missing, .update) }
    #expect(error?.isNotFound == true)
    #expect(error?.operation == "open")
    #expect(error?.path == missing)
    #expect(error?.description.contains("No such file") == true)
    #expect(throws: FileError.self) { try system.list(missing) }
    #expect(throws: FileError.self) { try system.remove(missing) }
    #expect(throws: FileError.self) { try system.rename(missing, to: path("x")) }
    #expect(throws: FileError.self) { try system.synchronizeDirectory(missing) }
    #expect(throws: FileError.self) { try system.createDirectory(path("no/where")) }
  }

  @Test func aDirectoryHasOneHolder() throws {
    var lock: DirectoryLock? = try DirectoryLock(directory: directory.path)
    #expect(throws: StorageError.locked(directory: directory.path, process: getpid())) {
      try DirectoryLock(directory: directory.path)
    }
    _ = lock
    lock = nil
    _ = try DirectoryLock(directory: directory.path)
  }
}
