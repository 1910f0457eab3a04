import Foundation
import Logging
import Raft
import ServiceLifecycle
import Synchronization
import Testing

@testable import NodeRuntime

/// A folder that goes when it is no longer used.
final class TestFolder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "clean-runtime-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Ports of 127.0.0.1 that are free and are not handed to outgoing connections by the system.
enum FreePorts {
  private static let taken = Mutex<Set<Int>>([])

  static func take(_ count: Int) -> [Int] {
    var ports: [Int] = []
    while ports.count < count {
      let port = Int.random(in: 20_000..<32_000)
      guard taken.withLock({ $0.insert(port).inserted }), isFree(port) else { continue }
      ports.append(port)
    }
    return ports
  }

  private static func isFree(_ port: Int) -> Bool {
    let socket = RawSocket()
    return socket.bind(port)
  }
}

/// Keeps what was logged.
final class LogKeeper: Sendable {
  private let lines = Mutex<[String]>([])

  var all: [String] { lines.withLock { $0 } }

  func contains(_ text: String) -> Bool { all.contains { $0.contains(text) } }

  fileprivate func add(_ line: String) { lines.withLock { $0.append(line) } }

  var logger: Logger { Logger(label: "test") { _ in Handler(keeper: self) } }

  private struct Handler: LogHandler {
    let keeper: LogKeeper
    var logLevel = Logger.Level.info
    var metadata = Logger.Metadata()

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { keeper.add("\(event.level): \(event.message)") }
  }
}

/// A member's state machine; another one when it had to be emptied.
private final class CurrentMachine: Sendable {
  private let machine: Mutex<KeyValueMachine>

  init(_ machine: KeyValueMachine) { self.machine = Mutex(machine) }

  var value: KeyValueMachine {
    get { machine.withLock { $0 } }
    set { machine.withLock { $0 = newValue } }
  }
}

/// One node of a test: its directory outlives its members.
final class TestNode: Sendable {
  let name: String
  let options: MemberOptions
  let log = LogKeeper()
  private let current = Mutex<Running?>(nil)

  private struct Running: Sendable {
    let member: ClusterMember
    let machine: CurrentMachine
    let group: ServiceGroup
    let task: Task<Void, any Error>
  }

  init(_ name: String, _ options: MemberOptions) {
    self.name = name
    self.options = options
  }

  private var running: Running {
    guard let running = current.withLock({ $0 }) else { preconditionFailure("\(name) is down") }
    return running
  }

  var member: ClusterMember { running.member }
  var machine: KeyValueMachine { running.machine.value }
  var view: ClusterView { member.clusterView() }
  var isLeader: Bool { view.leader == member.id }

  func start(machine: KeyValueMachine = KeyValueMachine()) async throws {
    let current = CurrentMachine(machine)
    let member = try await ClusterMember.open(options, logger: log.logger) { start in
      if start.mustBeEmpty { current.value = KeyValueMachine() }
      return current.value
    }
    let group = ServiceGroup(services: [member], logger: log.logger)
    let task = Task { try await group.run() }
    self.current.withLock {
      $0 = Running(member: member, machine: current, group: group, task: task)
    }
  }

  /// What a cluster must know to add it.
  var asMember: Member {
    Member(id: member.id, name: name, address: options.advertisedPeer)
  }

  /// Ends the member without handing anything over.
  func crash() async {
    let running = running
    running.task.cancel()
    _ = await running.task.result
    current.withLock { $0 = nil }
  }

  /// Asks the member to stop and waits until it has.
  func shutDown() async throws {
    let running = running
    await running.group.triggerGracefulShutdown()
    try await running.task.value
    current.withLock { $0 = nil }
  }

  /// How the member ended by itself.
  func ended() async -> Result<Void, any Error> { await running.task.result }
}

/// Some nodes that found a cluster.
struct TestCluster {
  let folder: TestFolder
  let nodes: [TestNode]

  /// - Parameter change: what is special about a node's options.
  init(
    _ count: Int, replica: ReplicaOptions = ReplicaOptions(),
    _ change: (Int, inout MemberOptions) -> Void = { _, _ in }
  ) throws {
    let folder = try TestFolder()
    let ports = FreePorts.take(count)
    let founders = (0..<count).map {
      MemberOptions.Founder(name: "n\($0 + 1)", address: "127.0.0.1:\(ports[$0])")
    }
    self.folder = folder
    nodes = (0..<count).map { i in
      var options = MemberOptions(
        dataDirectory: folder.path + "/n\(i + 1)", name: "n\(i + 1)", peerPort: ports[i],
        advertisedPeer: founders[i].address, advertisedURL: "http://n\(i + 1):8000",
        founders: count == 1 ? [] : founders, version: "1.2.3", replica: replica)
      options.limits.segmentBytes = 64 << 10
      options.storageRetries.spaceBytes = 256 << 10
      change(i, &options)
      return TestNode("n\(i + 1)", options)
    }
  }

  subscript(i: Int) -> TestNode { nodes[i] }

  /// A node that waits to be added.
  func joining(_ name: String) throws -> TestNode {
    var options = nodes[0].options
    options.dataDirectory = folder.path + "/" + name
    options.name = name
    options.peerPort = FreePorts.take(1)[0]
    options.advertisedPeer = "127.0.0.1:\(options.peerPort)"
    options.advertisedURL = "http://\(name):8000"
    options.founders = []
    options.joins = true
    return TestNode(name, options)
  }

  /// The same node with nothing on its disk.
  func withEmptyDisk(_ node: TestNode) throws -> TestNode {
    try FileManager.default.removeItem(atPath: node.options.dataDirectory)
    return TestNode(node.name, node.options)
  }

  /// Starts all and waits until each can serve.
  func start(order: [Int]? = nil) async throws {
    for i in order ?? Array(nodes.indices) { try await nodes[i].start() }
    for node in nodes { try await node.member.read(timeout: .seconds(60)) }
  }

  /// The leader and the others.
  func roles() async throws -> (leader: TestNode, followers: [TestNode]) {
    try await eventually("a leader is known to all") {
      Set(nodes.map(\.view.leader)).count == 1 && nodes.contains(where: \.isLeader)
    }
    let leader = try #require(nodes.first { $0.isLeader })
    return (leader, nodes.filter { $0 !== leader })
  }

  func crash() async {
    for node in nodes { await node.crash() }
  }
}

/// Waits for what no event tells.
func eventually(
  _ what: String, within patience: Duration = .seconds(60),
  _ condition: () async throws -> Bool
) async throws {
  let deadline = ContinuousClock.now + patience
  while try await !condition() {
    let isInTime = ContinuousClock.now < deadline
    try #require(isInTime, "\(what), but not in time")
    try await Task.sleep(for: .milliseconds(10))
  }
}

extension ReplicaOptions {
  /// Small bounds, so that entries are read back from disk, and snapshots are sent, in several pieces.
  static func small(snapshotEntries: Int) -> ReplicaOptions {
    var options = ReplicaOptions(snapshotEntries: snapshotEntries, retainedEntries: 10)
    options.consensus.cacheBytes = 1_024
    options.consensus.snapshotChunkBytes = 4_096
    return options
  }
}
