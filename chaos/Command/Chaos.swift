import ArgumentParser
import Foundation

@main
struct Chaos: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chaos",
    abstract: "Breaks clusters, to find out whether they hold.",
    subcommands: [Simulate.self, Check.self, Determinism.self, Live.self])

  /// Mistakes on the command line end with 2, apart from the 1 for what was found to be wrong.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch  where exitCode(for: error) == .validationFailure {
      FileHandle.standardError.write(Data((fullMessage(for: error) + "\n").utf8))
      Foundation.exit(2)
    } catch {
      exit(withError: error)
    }
  }
}
