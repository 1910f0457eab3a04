import Foundation
import Testing

/// A real `clean-node` on this machine, with a data directory of its own.
final class NodeProcess {
  let name: String
  let ports: Ports
  let directory: String
  private let arguments: [String]
  private var process = Process()
  private var output = Pipe()

  struct Ports {
    var rest: Int
    var peer: Int
  }

  /// - Parameter arguments: beside name, ports and data directory.
  init(
    _ name: String, ports: Ports, directory: String, arguments: [String] = []
  ) {
    self.name = name
    self.ports = ports
    self.directory = directory
    self.arguments = arguments
  }

  /// Nodes named n1, n2 and so on that form a cluster.
  static func cluster(
    of count: Int, in folder: TemporaryFolder, arguments: [String] = []
  ) -> [NodeProcess] {
    let ports = FreePorts.take(2 * count)
    let members = (0..<count).map { "n\($0 + 1)=127.0.0.1:\(ports[count + $0])" }
    return (0..<count).map { i in
      NodeProcess(
        "n\(i + 1)", ports: .init(rest: ports[i], peer: ports[count + i]),
        directory: folder.path,
        arguments: ["--cluster", members.joined(separator: ",")] + arguments)
    }
  }

  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  var url: String { "http://127.0.0.1:\(ports.rest)" }
  var dataDirectory: String { directory + "/" + name }
  var logPath: String { directory + "/\(name).log" }
  var log: String { (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? "" }

  var adminToken: String {
    get throws {
      try String(contentsOfFile: dataDirectory + "/admin-token", encoding: .utf8)
        .trimmingCharacters(in: .whitespacesAndNewlines)
    }
  }

  func start() throws {
    process = Process()
    process.executableURL = Binaries.url(of: "clean-node")
    process.arguments =
      [
        "serve", "--name", name, "--port", "\(ports.rest)", "--peer-port", "\(ports.peer)",
        "--data-dir", dataDirectory,
      ] + arguments
    if !FileManager.default.fileExists(atPath: logPath) {
      try Data().write(to: URL(filePath: logPath))
    }
    let log = try #require(FileHandle(forWritingAtPath: logPath))
    try log.seekToEnd()
    process.standardError = log
    process.standardOutput = log
    try process.run()
  }

  /// Waits until the node can serve a linearizable read.
  func waitUntilReady(_ deadline: Duration = .seconds(60)) async throws {
    try await eventually(within: deadline, "\(name) is ready; its log says: \(log.suffix(500))") {
      try #require(process.isRunning, "\(name) ended: \(log.suffix(500))")
      return try await HTTP.get(url + "/readyz").status == 200
    }
  }

  /// The most memory that was resident so far, in bytes.
  var peakMemory: Int {
    get throws {
      let status = try String(
        contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
      let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
      return try #require(Int(line.filter(\.isNumber))) << 10
    }
  }

  /// `kill -9`.
  func crash() {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// The process stands still, and neither hears nor knows of it.
  func pause() { kill(process.processIdentifier, SIGSTOP) }

  func resume() { kill(process.processIdentifier, SIGCONT) }

  /// SIGTERM; returns the exit code. A node that is told to stop has ten seconds.
  func terminate() -> Int32 {
    let began = ContinuousClock.now
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    #expect(ContinuousClock.now - began < .seconds(10))
    return process.terminationReason == .exit ? process.terminationStatus : -1
  }

  /// Waits for a node that can't start to end, and returns its exit code.
  func exitCode() -> Int32 {
    process.waitUntilExit()
    return process.terminationReason == .exit ? process.terminationStatus : -1
  }
}

/// Polls a condition of another process, for which there is no event to wait for.
func eventually(
  within deadline: Duration = .seconds(60), _ what: @autoclosure () -> String,
  _ condition: () async throws -> Bool
) async throws {
  let end = ContinuousClock.now + deadline
  while ContinuousClock.now < end {
    if let holds = try? await condition(), holds { return }
    try await Task.sleep(for: .milliseconds(50))
  }
  if try await condition() { return }
  Issue.record("not within \(deadline): \(what())")
  throw CancellationError()
}

enum Binaries {
  /// The folder that the test bundle was built into holds the programs too.
  static func url(of name: String) -> URL {
    let bundle = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
    let folder = (bundle ?? URL(filePath: CommandLine.arguments[0])).deletingLastPathComponent()
    return folder.appending(path: name)
  }

  /// How long a program may take: one that goes on although it must not is killed.
  private static let patience = 120.0

  /// Runs a program to its end and returns its exit code and what it printed.
  static func run(
    _ name: String, _ arguments: [String], environment: [String: String] = [:],
    input: String = ""
  ) throws -> (code: Int32, output: String, error: String) {
    let process = Process()
    process.executableURL = url(of: name)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let output = Pipe()
    let error = Pipe()
    process.standardOutput = output
    process.standardError = error
    let typed = Pipe()
    process.standardInput = typed
    try process.run()
    try? typed.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try typed.fileHandleForWriting.close()
    let id = process.processIdentifier
    let overdue = DispatchWorkItem { kill(id, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + patience, execute: overdue)
    defer { overdue.cancel() }
    let out = output.fileHandleForReading.readDataToEndOfFile()
    let err = error.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (
      process.terminationStatus, String(decoding: out, as: UTF8.self),
      String(decoding: err, as: UTF8.self)
    )
  }
}

/// A folder that goes when the test ends.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "clean-test-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Ports that nobody listens on, below the range that the system gives to outgoing connections.
enum FreePorts {
  static func take(_ count: Int) -> [Int] {
    var ports: [Int] = []
    while ports.count < count {
      let port = Int.random(in: 10_000..<32_000)
      if !ports.contains(port), RawSocket.isFree(port) { ports.append(port) }
    }
    return ports
  }

  static func node() -> NodeProcess.Ports {
    let ports = take(2)
    return NodeProcess.Ports(rest: ports[0], peer: ports[1])
  }
}
