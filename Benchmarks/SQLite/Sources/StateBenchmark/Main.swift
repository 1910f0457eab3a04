import Foundation
import Measuring

/// Measures the state machine and the ways to copy a state; or, if numbers are given, states with as many
/// workspaces.
///
///     swift run -c release StateBenchmark
///     swift run -c release StateBenchmark 1000 1000000
///     swift run -c release StateBenchmark 1000 1000000 in FOLDER
///
/// States in a folder that is named stay there, and are filled once.
@main
struct StateBenchmark {
  static func main() throws {
    // Beside the program: /tmp may be memory.
    let program = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    let scratch = program.deletingLastPathComponent()
      .appending(path: "state-benchmark-\(UUID().uuidString)").path
    let folder = scratch + "/state"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: scratch) }

    let arguments = CommandLine.arguments.dropFirst()
    let sizes = arguments.compactMap { Int($0) }
    if !sizes.isEmpty {
      let kept = arguments.firstIndex(of: "in").flatMap { arguments[($0 + 1)...].first }
      return try compareSizes(sizes, in: kept ?? scratch)
    }
    print("The state machine:")
    var benchmark = try StoreBenchmark(folder: folder)
    try benchmark.run(users: 100_000)
    print("\nA copy of that state:")
    try compareSnapshots(of: benchmark.store, folder: folder, scratch: scratch)
  }
}
