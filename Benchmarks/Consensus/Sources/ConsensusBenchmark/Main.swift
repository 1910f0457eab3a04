import Foundation

/// Measures the consensus library: the protocol alone, the log on a disk, and its replay.
///
///     swift run -c release ConsensusBenchmark [protocol | log | replay]...
///     swift run -c release ConsensusBenchmark propose OUTSTANDING
///
/// docs/benchmarks.md explains the figures.
@main
struct ConsensusBenchmark {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    if let directory = arguments.first.flatMap(ReplayBenchmark.directory) {
      return try ReplayBenchmark.replay(directory)
    }
    if arguments.first == "propose", let outstanding = arguments.last.flatMap({ Int($0) }) {
      return ProtocolBenchmark.propose(2000, outstanding: outstanding)
    }
    let known = ["protocol", "log", "replay"]
    guard arguments.allSatisfy(known.contains) else {
      FileHandle.standardError.write(
        Data("usage: ConsensusBenchmark [\(known.joined(separator: " | "))]...\n".utf8))
      exit(64)
    }
    let chosen = arguments.isEmpty ? known[...] : arguments[...]
    if chosen.contains("protocol") { ProtocolBenchmark.run() }
    if chosen.contains("log") { try Scratch.with { try LogBenchmark.run(in: $0) } }
    if chosen.contains("replay") { try Scratch.with { try ReplayBenchmark.run(in: $0) } }
  }
}

/// A directory on the disk that the program itself is on: `/tmp` may be memory.
enum Scratch {
  static func with(_ body: (String) throws -> Void) throws {
    let program = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    let directory = program.deletingLastPathComponent()
      .appendingPathComponent("scratch-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    try body(directory.path)
  }
}

/// Prints a line at once, even into a pipe: the next one may take a minute.
func report(_ line: String) {
  print(line)
  fflush(nil)
}
