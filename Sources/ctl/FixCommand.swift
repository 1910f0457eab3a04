import ArgumentParser
import CloudClient
import Foundation

struct FixCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fix", abstract: "Mend what is wrong in a dataset.",
    discussion: """
      FILE is CSV (.csv), JSON lines (.ndjson, .jsonl) or a JSON array of objects (.json). What is not \
      changed is written as it was, byte for byte.
      """)

  enum Strategy: String, CaseIterable, ExpressibleByArgument {
    case conservative
    case moderate
    case aggressive
  }

  @Argument(
    help: "The dataset.", completion: .file(extensions: ["csv", "ndjson", "jsonl", "json"]))
  var file: String

  @Option(
    name: [.customShort("o"), .customLong("out")],
    help: ArgumentHelp("Write the mended dataset to this file.", valueName: "out"))
  var destination: String?

  @Option(help: "How much to change.")
  var strategy = Strategy.conservative

  @Flag(help: "Only tell what would be done.")
  var dryRun = false

  @Option(help: ArgumentHelp("Write what was done to this file, as JSON.", valueName: "log"))
  var log: String?

  @Option(help: "The column that holds the labels.")
  var labelColumn: String?

  @Option(
    help: ArgumentHelp(
      "The detectors to run; without it, all that apply.", valueName: "detector,detector…"))
  var detectors: String?

  @Option(help: "The seed of everything random; the same seed gives the same result.")
  var seed: UInt64?

  @Option(help: "A column to append, with the detectors that flagged each row.")
  var flagColumn: String?

  @Option(help: "The workspace's ID (ws_…); without it, the one that your token works in.")
  var workspace: String?

  @OptionGroup(title: "Service") var options: GlobalOptions

  func validate() throws {
    guard dryRun || destination != nil else {
      throw ValidationError("Name a file for the mended dataset with -o, or use --dry-run.")
    }
  }

  func run() async throws {
    let dataset = try DatasetFile(named: file)
    let settings = FixSettings(
      strategy: strategy.rawValue, isDryRun: dryRun, flagColumn: flagColumn)
    let analysis = AnalyzeOptions(
      labelColumn: labelColumn, detectors: list(from: detectors ?? ""), seed: seed,
      workspaceID: workspace)
    let bar = isatty(STDERR_FILENO) == 1 ? ProgressBar() : nil
    let result = try await options.withClient { client in
      defer { bar?.clear() }
      return try await client.fix(dataset, settings: settings, options: analysis) {
        bar?.update($0)
      }
    }
    if let destination, !dryRun {
      guard let text = result.dataset else {
        throw CommandFailure(
          status: .unreachable, message: "the service answered without the dataset")
      }
      try write(Data(text.utf8), to: destination)
    }
    let answer = try FixAnswerView(result)
    if let log { try write(answer.log + Data("\n".utf8), to: log) }
    switch options.output {
    case .json: print(String(decoding: try answer.jsonWithoutDataset(), as: UTF8.self))
    case .table: print(answer.text(isDryRun: dryRun))
    }
  }

  private func write(_ data: Data, to path: String) throws {
    do {
      try data.write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw CommandFailure.wrongUsage("\(path) cannot be written; name another file")
    }
  }
}

/// What a fix did, for people and files.
struct FixAnswerView {
  private let result: FixedDataset
  private let object: [String: Any]
  /// What was done, as JSON.
  let log: Data

  init(_ result: FixedDataset) throws {
    self.result = result
    object = try JSONSerialization.jsonObject(with: result.json) as? [String: Any] ?? [:]
    log = try Self.json(object["log"] ?? [:])
  }

  /// One line.
  func text(isDryRun: Bool) -> String {
    let counts = result.actionCounts.sorted { $0.key < $1.key }.map {
      "\($0.key) \(Units.count($0.value))"
    }
    let rows =
      result.rowsIn == result.rowsOut
      ? "\(Units.count(result.rowsIn)) rows"
      : "\(Units.count(result.rowsOut)) of \(Units.count(result.rowsIn)) rows stay"
    return "\(isDryRun ? "Would be done" : "Done"): "
      + (counts.isEmpty ? "nothing" : counts.joined(separator: ", ")) + " (\(rows))"
  }

  /// The answer, but for the dataset, which has a file of its own.
  func jsonWithoutDataset() throws -> Data {
    try Self.json(object.filter { $0.key != "dataset" })
  }

  private static func json(_ object: Any) throws -> Data {
    try JSONSerialization.data(
      withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
  }
}
