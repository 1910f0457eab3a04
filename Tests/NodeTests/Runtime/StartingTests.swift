import Foundation
import Raft
import Synchronization
import Testing

@testable import NodeRuntime

/// What a member says when it can't start, and what makes it stop.
@Suite(.serialized) struct StartingTests {
  let cluster: TestCluster
  var node: TestNode { cluster[0] }
  var directory: String { node.options.dataDirectory }

  init() throws { cluster = try TestCluster(1) }

  /// The words with which a start is refused.
  private func refusal(_ change: (inout MemberOptions) -> Void = { _ in }) async -> String {
    var options = node.options
    change(&options)
    do {
      _ = try await ClusterMember.open(options, logger: node.log.logger) { _ in KeyValueMachine() }
      return "it started"
    } catch {
      return error.description
    }
  }

  @Test func aDirectoryInUseIsRefused() async throws {
    try await node.start()
    let words = await refusal { $0.peerPort = 0 }
    #expect(words.contains("in use by process \(getpid())"), "\(words)")
    try await node.shutDown()
    // Once it has stopped, the next one may start.
    try await node.start()
    await node.crash()
  }

  @Test func aFileIsNoDataDirectory() async throws {
    try "".write(toFile: directory, atomically: true, encoding: .utf8)
    let words = await refusal()
    #expect(words.contains(directory) && words.contains("it is a file"), "\(words)")
  }

  @Test func aDirectoryThatCannotBeMadeIsNamed() async {
    let words = await refusal { $0.dataDirectory = "/proc/clean" }
    #expect(words.contains("/proc/clean can't be used"), "\(words)")
  }

  @Test func aDirectoryIsDurableInAllThatAreMadeForIt() async throws {
    let disk = FaultyDisk()
    var options = node.options
    let folder = cluster.folder.path
    options.dataDirectory = folder + "/a/b/c"
    options.fileSystem = disk
    let node = TestNode("n1", options)
    try await node.start()
    await node.crash()
    #expect(disk.synchronizedDirectories.starts(with: [folder + "/a/b", folder + "/a", folder]))
  }

  @Test func aPortInUseIsNamed() async throws {
    let holder = RawSocket()
    #expect(holder.listen(node.options.peerPort))
    let words = await refusal()
    #expect(words.contains("127.0.0.1:\(node.options.peerPort)"), "\(words)")
  }

  @Test func optionsThatContradictEachOtherAreNamed() async {
    let founder = MemberOptions.Founder(name: "x", address: "x:1")
    #expect(await refusal { $0.founders = [founder] }.contains("n1, is not among them"))
    #expect(
      await refusal { $0.founders = [founder, .init(name: "n1", address: "x:1")] }
        .contains("occurs twice"))
    #expect(await refusal { $0.limits.frameBytes = 1_000 }.contains("frameBytes"))
    #expect(
      await refusal { $0.replica.consensus.lease = LeaseOptions(duration: 250_000_000) }
        .contains("replica.consensus.lease"))
  }

  @Test func aLostIdentityIsNotReplaced() async throws {
    try await node.start()
    try await node.member.read(timeout: .seconds(60))
    try await node.shutDown()
    try FileManager.default.removeItem(atPath: directory + "/identity")
    #expect(await refusal().contains("no file 'identity'"))
    #expect(!FileManager.default.fileExists(atPath: directory + "/identity"))
  }

  @Test func aLostLogIsNotReplaced() async throws {
    try await node.start()
    try await node.member.read(timeout: .seconds(60))
    try await node.shutDown()
    try FileManager.default.removeItem(atPath: directory + "/wal")
    #expect(await refusal().contains("holds no log"))
  }

  @Test func aCrashBeforeTheLogWasMadeIsNoLostLog() async throws {
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    let id = MemberID(42)
    try IdentityFile(fileSystem: PosixFileSystem(), directory: directory).save(Identity(member: id))
    try await node.start()
    try await node.member.read(timeout: .seconds(60))
    #expect(node.member.id == id)
    try await node.shutDown()
  }

  @Test func aMemberAloneRefusesToStartOnADamagedLogAndNamesThePlace() async throws {
    try await node.start()
    for i in 0..<20 {
      _ = try await node.member.propose(
        KeyValueMachine.command("r\(i)", "k\(i)", "v"), timeout: .seconds(60))
    }
    try await node.shutDown()
    let wal = directory + "/wal"
    let name = try #require(
      try FileManager.default.contentsOfDirectory(atPath: wal).sorted().first {
        $0.hasSuffix(".log")
      })
    let file = try #require(FileHandle(forUpdatingAtPath: wal + "/" + name))
    // In the middle of what was made durable long ago.
    try file.seek(toOffset: 400)
    try file.write(contentsOf: Data([0xFF, 0x00, 0xFF, 0x00]))
    try file.close()
    let words = await refusal()
    #expect(words.contains(name) && words.contains("damaged at byte"), "\(words)")
    #expect(words.contains("the only one of its cluster"), "\(words)")
    // And again: nothing was changed.
    #expect(await refusal() == words)
  }

  @Test func aStateThatTheLogDoesNotHaveIsBuiltAgain() async throws {
    let stranger = KeyValueMachine()
    stranger.state.withLock {
      $0.applied = LogPosition(index: LogIndex(99), term: Term(9))
      $0.values = ["k": "not from this log"]
    }
    let machines = Mutex<[Bool]>([])
    let member = try await ClusterMember.open(node.options, logger: node.log.logger) { start in
      machines.withLock { $0.append(start.mustBeEmpty) }
      return start.mustBeEmpty ? KeyValueMachine() : stranger
    }
    #expect(machines.withLock { $0 } == [false, true])
    #expect(member.appliedIndex == .zero)
    let running = Task { try await member.run() }
    try await member.read()
    running.cancel()
    try await running.value
  }

  // MARK: Failing

  @Test func aDiskThatGoesOnFailingEndsTheMember() async throws {
    let disk = FaultyDisk()
    var options = node.options
    options.fileSystem = disk
    options.storageRetries = StorageRetries(attempts: 3, firstPause: .milliseconds(5))
    let node = TestNode("n1", options)
    try await node.start()
    _ = try await node.member.propose(
      KeyValueMachine.command("r1", "k", "v"), timeout: .seconds(60))
    disk.failSynchronizations(.max)
    await #expect(throws: ConsensusError.outcomeUnknown) {
      try await node.member.propose(KeyValueMachine.command("r2", "k", "w"))
    }
    let result = await node.ended()
    guard case .failure(let error) = result else {
      Issue.record("it goes on")
      return
    }
    #expect("\(error)".contains("fdatasync") && "\(error)".contains("/wal/"), "\(error)")
    #expect("\(error)".contains("each of 3 attempts"), "\(error)")
    #expect(node.log.contains("This member stops"))
    #expect(node.machine["k"] == "v")
  }

  @Test func aStateMachineThatFailsStopsTheMember() async throws {
    try await node.start(machine: KeyValueMachine(refusesKey: "bad"))
    await #expect(throws: ConsensusError.outcomeUnknown) {
      try await node.member.propose(KeyValueMachine.command("r1", "bad", "v"))
    }
    guard case .failure(let error) = await node.ended() else {
      Issue.record("it goes on")
      return
    }
    #expect("\(error)".contains("state machine stopped"), "\(error)")
  }
}
