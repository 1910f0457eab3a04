import ArgumentParser
import CloudClient
import Foundation

struct FixCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fix", abstract: "Mend what is wrong in a dataset.",
    discussion: """
      FILE is CSV (.csv, .tsv; any common delimiter), JSON lines (.ndjson, .jsonl) or a JSON array of objects \
      (.json). It is analyzed, and what was found is mended as far as the strategy goes. What is not changed is \
      written as it was, byte for byte.

      conservative leaves out rows that are equal to another, and makes spellings one that differ in white \
      space or case. moderate also takes what is very likely: sure label errors, near duplicates, other \
      spellings, columns with few cells missing. aggressive takes nearly all that was found.

      With --log, what was done is written down; --replay does the same again, and nothing else.
      """)

  enum Strategy: String, CaseIterable, ExpressibleByArgument {
    case conservative
    case moderate
    case aggressive
  }

  @Argument(help: "The dataset.", completion: .file(extensions: DatasetFile.extensions))
  var file: String

  @Option(
    name: [.customShort("o"), .customLong("out")],
    help: ArgumentHelp("Write the mended dataset to this file.", valueName: "out"))
  var destination: String?

  @Option(help: "How much to change (default: conservative).")
  var strategy: Strategy?

  @Flag(help: "Only tell what would be done.")
  var dryRun = false

  @Option(
    help: ArgumentHelp("Write what was done to this file, as JSON.", valueName: "log"),
    completion: .file(extensions: ["json"]))
  var log: String?

  @Option(
    help: ArgumentHelp(
      "Do what this log of an earlier fix says, and nothing else; it must be of this very file.",
      valueName: "log"), completion: .file(extensions: ["json"]))
  var replay: String?

  @Flag(
    help: """
      With --replay: FILE may be another one than the log is of, if it has as many rows, and each cell to change holds \
      what it held.
      """)
  var otherFile = false

  @Option(
    help: ArgumentHelp(
      """
      The kinds of action to take, of relabel, replace, impute, deduplicate, remove and flag; without it, all. What \
      is found and not mended is flagged.
      """, valueName: "action,action…"))
  var actions: String?

  @Option(
    help: "Relabel rows of at least this score, from 0 to 1 (moderate: 0.9, aggressive: 0.5).")
  var relabelScore: Double?

  @Option(
    help: "Leave out near duplicates of at least this score (moderate: 0.95, aggressive: 0).")
  var nearDuplicateScore: Double?

  @Option(help: "Leave out outliers of at least this score (aggressive: 0.9).")
  var outlierScore: Double?

  @Option(
    help:
      "Fill in columns that lack a smaller share of their cells (moderate: 0.05, aggressive: 1).")
  var imputeShare: Double?

  @Option(
    help: ArgumentHelp(
      "Append a column of this name, with the detectors that flagged each row.",
      valueName: "name"))
  var flagColumn: String?

  @Flag(help: "Do not analyze the result, which tells what was gained and takes as long again.")
  var noVerify = false

  @OptionGroup(title: "Analysis") var analysis: AnalysisArguments

  @OptionGroup(title: "Service") var options: GlobalOptions

  func validate() throws {
    guard dryRun || destination != nil else {
      throw ValidationError("Name a file for the mended dataset with -o, or use --dry-run.")
    }
    guard !otherFile || replay != nil else {
      throw ValidationError("--other-file is for --replay.")
    }
    if replay != nil, let name = decision {
      throw ValidationError("--replay does what the log says: leave \(name) out.")
    }
  }

  /// An option that a log has decided.
  private var decision: String? {
    [
      ("--strategy", strategy != nil), ("--actions", actions != nil),
      ("--relabel-score", relabelScore != nil),
      ("--near-duplicate-score", nearDuplicateScore != nil),
      ("--outlier-score", outlierScore != nil), ("--impute-share", imputeShare != nil),
      ("--flag-column", flagColumn != nil), ("--detectors", analysis.detectors != nil),
      ("--set", !analysis.set.isEmpty), ("--label-column", analysis.labelColumn != nil),
      ("--task-type", analysis.taskType != nil), ("--seed", analysis.seed != nil),
      ("--no-verify", noVerify),
    ].first { $0.1 }?.0
  }

  func run() async throws {
    let mended = try (dryRun ? nil : destination).map { try OutputFile($0) }
    let written = try log.map { try OutputFile($0) }
    let replayed = try replay.map { try ReplayedLog(path: $0, isOfOtherFile: otherFile) }
    let dataset = try DatasetFile(
      named: file, charset: analysis.charset ?? replayed?.charset)
    let asked = try analysis.options()
    let bar = isatty(STDERR_FILENO) == 1 ? ProgressBar() : nil
    let result = try await options.withClient { client in
      defer { bar?.clear() }
      guard let replayed else {
        return try await client.fix(dataset, settings: settings, options: asked) {
          bar?.update($0)
        }
      }
      return try await client.replay(
        replayed.json, on: dataset, isDryRun: dryRun, workspaceID: asked.workspaceID
      ) { bar?.update($0) }
    }
    if let mended {
      guard let dataset = result.dataset else {
        throw CommandFailure(
          status: .unreachable, message: "the service answered without the dataset")
      }
      try mended.write(dataset)
    }
    try written?.write(result.log + Data("\n".utf8))
    switch options.output {
    case .json: print(String(decoding: result.json, as: UTF8.self))
    case .table:
      print(FixView(result, isDryRun: dryRun, style: Style.standardOutput()).text)
    }
  }

  var settings: FixSettings {
    FixSettings(
      strategy: strategy?.rawValue, isDryRun: dryRun, isVerified: !noVerify,
      actions: list(from: actions ?? ""), relabelScore: relabelScore,
      nearDuplicateScore: nearDuplicateScore, outlierScore: outlierScore,
      imputeShare: imputeShare, flagColumn: flagColumn)
  }
}
