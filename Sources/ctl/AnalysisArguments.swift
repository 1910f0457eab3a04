import ArgumentParser
import CloudClient
import Foundation

/// What is said about a dataset and how it is looked at; of every command that sends one.
struct AnalysisArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How the characters are encoded: utf-8 (the default), iso-8859-1 or windows-1252.",
      valueName: "encoding"))
  var charset: String?

  @Option(help: "The column that holds the labels; without it, it is guessed by name.")
  var labelColumn: String?

  @Option(help: "How labels are understood: classification or regression.")
  var taskType: String?

  @Option(
    help: ArgumentHelp(
      "The detectors to run; without it, all that apply.", valueName: "detector,detector…"))
  var detectors: String?

  @Option(
    help: ArgumentHelp(
      "Set a detector's parameter; may be given several times.",
      valueName: "detector.parameter=value"))
  var set: [String] = []

  @Option(help: "The seed of everything random; the same seed gives the same result.")
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "The beginning of the names of columns with your own probabilities, one a class.",
      valueName: "prefix"))
  var predProbsPrefix: String?

  @Option(
    help:
      "The column with a model's predictions of the label, or probabilities of the second of two.")
  var predictionColumn: String?

  @Option(
    help: ArgumentHelp(
      "The columns that say who a row is about; without it, they are guessed by name.",
      valueName: "column,column…"))
  var sensitiveColumns: String?

  @Option(help: "The column along which the data may drift: times, or numbers that rise with it.")
  var timeColumn: String?

  @Option(help: "The column that says which part of a split a row belongs to.")
  var splitColumn: String?

  @Option(help: "The workspace's ID (ws_…); without it, the one that your token works in.")
  var workspace: String?

  /// - Throws: ``CommandFailure`` for a setting that is none.
  func options(name: String? = nil) throws(CommandFailure) -> AnalyzeOptions {
    var parameters: [String: String] = [:]
    for setting in set {
      let sides = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2, sides[0].contains(".") else {
        throw .wrongUsage(
          "--set \(setting) is no setting; write it as missing_values.min_effect=0.2")
      }
      parameters[String(sides[0])] = String(sides[1])
    }
    return AnalyzeOptions(
      labelColumn: labelColumn, taskType: taskType, detectors: list(from: detectors ?? ""),
      name: name, seed: seed, parameters: parameters, probabilityPrefix: predProbsPrefix,
      predictionColumn: predictionColumn, sensitiveColumns: list(from: sensitiveColumns ?? ""),
      timeColumn: timeColumn, splitColumn: splitColumn, workspaceID: workspace)
  }
}

extension DatasetFile {
  /// A file of a kind that its name tells.
  init(named path: String, charset: String? = nil) throws(CommandFailure) {
    // It becomes a part of a header.
    guard charset.map(Self.isToken) != false else {
      throw .wrongUsage("--charset must be utf-8, iso-8859-1 or windows-1252")
    }
    guard let file = DatasetFile(path: path, charset: charset) else {
      throw .wrongUsage(
        "\(path) is of no known kind; name it .csv, .tsv, .ndjson, .jsonl or .json after what it "
          + "holds")
    }
    self = file
  }

  /// The extensions of names that tell a kind.
  static let extensions = ["csv", "tsv", "ndjson", "jsonl", "json"]

  private static func isToken(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
      }
  }
}
