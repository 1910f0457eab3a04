import Analysis
import ArgumentParser
import Foundation

/// Prints the report on a file.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Prints the report on a file as JSON.")

  @OptionGroup var source: Source

  func run() throws {
    let report = try Analyzer(options: source.options()).analyze(source.read())
    FileHandle.standardOutput.write(Data(try report.json()))
  }
}
