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
  }

  @Argument(
    help: "The dataset.", completion: .file(extensions: ["csv", "ndjson", "jsonl", "json"]))
  var file: String

  @Option(help: "The column that holds the labels.")
  var labelColumn: String?

  @Option(
    help: ArgumentHelp(
      "The detectors to run; without it, all that apply.", valueName: "detector,detector…"))
  var detectors: String?

  @Option(help: "The workspace's ID (ws_…); without it, the one that your token works in.")
  var workspace: String?

  @Option(help: "What the report is written as (default: text; json with --output json).")
  var format: Format?

  @Option(
    name: [.customShort("o"), .customLong("out")],
    help: ArgumentHelp("Write the report to this file.", valueName: "out"))
  var destination: String?

  @OptionGroup(title: "Service") var options: GlobalOptions

  func run() async throws {
    guard let dataset = DatasetFile(path: file) else {
      throw CommandFailure.wrongUsage(
        "\(file) is of no known kind; name it .csv, .ndjson, .jsonl or .json after what it holds")
    }
    let analysis = AnalyzeOptions(
      labelColumn: labelColumn, detectors: list(from: detectors ?? ""),
      workspaceID: workspace)
    let bar = isatty(STDERR_FILENO) == 1 ? ProgressBar() : nil
    let report = try await options.withClient { client in
      defer { bar?.clear() }
      return try await client.analyze(dataset, options: analysis) { bar?.update($0) }
    }
    try deliver(report)
  }

  private func deliver(_ report: AnalysisReport) throws {
    let style = destination == nil ? Style.standardOutput() : .plain
    let data: Data =
      switch format ?? (options.output == .json ? .json : .text) {
      case .json: report.json
      case .text: Data(try ReportView(report: report, name: file, style: style).text.utf8)
      }
    let line = data.last == UInt8(ascii: "\n") ? data : data + Data("\n".utf8)
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
