import Analysis
import ArgumentParser
import Foundation

/// Prints the log of a fix of a file.
struct FixCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fix", abstract: "Prints the log of a fix of a file.")

  @OptionGroup var source: Source
  @Option(help: "conservative, moderate or aggressive.")
  var strategy = FixStrategy.conservative

  func run() throws {
    let fixer = Fixer(analysis: try source.options(), options: FixOptions(strategy: strategy))
    let plan = try fixer.plan(for: source.read(), sha256: nil).plan
    for piece in try plan.log() { FileHandle.standardOutput.write(Data(piece)) }
  }
}

extension FixStrategy: ExpressibleByArgument {}
