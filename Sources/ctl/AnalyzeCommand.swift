import ArgumentParser
import CloudClient
import Foundation

struct AnalyzeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze", abstract: "Find what is wrong in a dataset.",
    discussion:
      "FILE is CSV (.csv), JSON lines (.ndjson, .jsonl) or a JSON array of objects (.json).")

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text
    case json
    case html
    case csv
    case ndjson

    /// What the service is asked for; text is made here, of JSON.
    var served: ReportFormat {
      switch self {
      case .text, .json: .json
      case .html: .html
      case .csv: .csv
      case .ndjson: .ndjson
      }
    }
  }

  @Argument(
    help: "The dataset.", completion: .file(extensions: ["csv", "ndjson", "jsonl", "json"]))
  var file: String

  @Option(
    help: ArgumentHelp(
      """
      A dataset to compare with, such as the one a model was trained on: for drift and for the shares of \
      groups. Its rows count as the dataset's do.
      """, valueName: "file"), completion: .file(extensions: ["csv", "ndjson", "jsonl", "json"]))
  var reference: String?

  @Option(help: "The column that holds the labels.")
  var labelColumn: String?

  @Option(
    help: ArgumentHelp(
      "The detectors to run; without it, all that apply.", valueName: "detector,detector…"))
  var detectors: String?

  @Option(
    help: ArgumentHelp(
      "Set a detector's parameter; may be given several times.",
      valueName: "detector.parameter=value"))
  var set: [String] = []

  @Option(help: "The seed of everything random; the same seed gives the same report.")
  var seed: UInt64?

  @Option(help: "How labels are understood: classification or regression.")
  var taskType: String?

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

  @Option(
    help: """
      What the report is written as (default: text; json with --output json). html is a page that stands by \
      itself; csv and ndjson are all flagged rows.
      """)
  var format: Format?

  @Option(
    name: [.customShort("o"), .customLong("out")],
    help: ArgumentHelp("Write the report to this file.", valueName: "out"))
  var destination: String?

  @OptionGroup(title: "Service") var options: GlobalOptions

  func run() async throws {
    let dataset = try DatasetFile(named: file)
    let reference = try reference.map { try DatasetFile(named: $0) }
    let format = format ?? (options.output == .json ? .json : .text)
    let analysis = try analysisOptions()
    let bar = isatty(STDERR_FILENO) == 1 ? ProgressBar() : nil
    let report = try await options.withClient { client in
      defer { bar?.clear() }
      return try await client.report(
        on: dataset, reference: reference, as: format.served, options: analysis
      ) { bar?.update($0) }
    }
    try deliver(report, as: format)
  }

  func analysisOptions() throws -> AnalyzeOptions {
    var parameters: [String: String] = [:]
    for setting in set {
      let sides = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2, sides[0].contains(".") else {
        throw CommandFailure.wrongUsage(
          "--set \(setting) is no setting; write it as missing_values.min_effect=0.2")
      }
      parameters[String(sides[0])] = String(sides[1])
    }
    return AnalyzeOptions(
      labelColumn: labelColumn, taskType: taskType, detectors: list(from: detectors ?? ""),
      name: format == .html ? URL(fileURLWithPath: file).lastPathComponent : nil, seed: seed,
      parameters: parameters, probabilityPrefix: predProbsPrefix,
      predictionColumn: predictionColumn, sensitiveColumns: list(from: sensitiveColumns ?? ""),
      timeColumn: timeColumn, splitColumn: splitColumn, workspaceID: workspace)
  }

  private func deliver(_ report: Data, as format: Format) throws {
    let style = destination == nil ? Style.standardOutput() : .plain
    let data: Data =
      switch format {
      case .json, .html, .csv, .ndjson: report
      case .text:
        Data(
          try ReportView(
            report: AnalysisReport(json: report), name: file, style: style
          ).text.utf8)
      }
    let line = data.isEmpty || data.last == UInt8(ascii: "\n") ? data : data + Data("\n".utf8)
    do {
      if let destination {
        try line.write(to: URL(fileURLWithPath: destination), options: .atomic)
      } else {
        try FileHandle.standardOutput.write(contentsOf: line)
      }
    } catch {
      throw CommandFailure.wrongUsage(
        "the report cannot be written to \(destination ?? "the standard output"); "
          + "name another file with -o")
    }
  }
}

extension DatasetFile {
  /// A file of a kind that its name tells.
  init(named path: String) throws(CommandFailure) {
    guard let file = DatasetFile(path: path) else {
      throw .wrongUsage(
        "\(path) is of no known kind; name it .csv, .ndjson, .jsonl or .json after what it holds")
    }
    self = file
  }
}
