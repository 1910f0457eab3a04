import Foundation

/// Compares GRDB with the layer of `Sources/CloudState/SQLite`.
///
///     swift run -c release SQLiteBenchmark
@main
struct SQLiteBenchmark {
  static func main() throws {
    let scratch = FileManager.default.temporaryDirectory
      .appendingPathComponent("sqlite-benchmark-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: scratch) }

    print("A lookup and an upsert a command, 256 commands a transaction, medians of 5 rounds:")
    for keys in [1_000, 100_000] {
      try compareUpserts(keys: keys, commands: 102_400, rounds: 5, in: scratch)
    }
  }
}
