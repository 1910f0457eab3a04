import Foundation

/// Measures the state machine and the ways to copy a state.
///
///     swift run -c release StateBenchmark
@main
struct StateBenchmark {
  static func main() throws {
    let scratch = FileManager.default.temporaryDirectory
      .appendingPathComponent("state-benchmark-\(UUID().uuidString)").path
    let folder = scratch + "/state"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: scratch) }

    print("The state machine:")
    var benchmark = try StoreBenchmark(folder: folder)
    try benchmark.run(users: 100_000)
    print("\nA copy of that state:")
    try compareSnapshots(of: benchmark.store, folder: folder, scratch: scratch)
  }
}
