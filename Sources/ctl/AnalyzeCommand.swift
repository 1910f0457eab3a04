import ArgumentParser
import CloudClient
import Foundation

struct AnalyzeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze", abstract: "Find what is wrong in a dataset.",
    discussion: """
      FILE is CSV (.csv, .tsv; any common delimiter), JSON lines (.ndjson, .jsonl) or a JSON array of objects \
      (.json). The report is for people; --format has others.
      """)

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
    help: "The dataset.", completion: .file(extensions: DatasetFile.extensions))
  var file: String

  @Option(
    help: ArgumentHelp(
      """
      A dataset to compare with, such as the one a model was trained on: for drift and for the shares of \
      groups. Its rows count as the dataset's do.
      """, valueName: "file"), completion: .file(extensions: DatasetFile.extensions))
  var reference: String?

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

  @OptionGroup(title: "Analysis") var analysis: AnalysisArguments

  @OptionGroup(title: "Service") var options: GlobalOptions

  func run() async throws {
    let output = try OutputFile(destination)
    let dataset = try DatasetFile(named: file, charset: analysis.charset)
    let reference = try reference.map { try DatasetFile(named: $0, charset: analysis.charset) }
    let format = format ?? (options.output == .json ? .json : .text)
    let asked = try analysis.options(
      name: format == .html ? URL(fileURLWithPath: file).lastPathComponent : nil)
    let bar = isatty(STDERR_FILENO) == 1 ? ProgressBar() : nil
    let report = try await options.withClient { client in
      defer { bar?.clear() }
      return try await client.report(
        on: dataset, reference: reference, as: format.served, options: asked
      ) { bar?.update($0) }
    }
    try output.write(document(report, as: format))
  }

  /// What is written of an answer, with an end of line.
  private func document(_ report: Data, as format: Format) throws -> Data {
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
    return data.isEmpty || data.last == UInt8(ascii: "\n") ? data : data + Data("\n".utf8)
  }
}
