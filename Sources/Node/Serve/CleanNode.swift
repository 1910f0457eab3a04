import ArgumentParser
import Foundation

/// `clean-node`: one member of a Clean Cloud cluster.
@main
struct CleanNode: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clean-node",
    abstract: "A node of Clean Cloud: data quality as a service, with its own replicated database.",
    version: Version.current,
    subcommands: [Serve.self])

  static func main() async {
    // A peer or client that goes away must not end the process.
    signal(SIGPIPE, SIG_IGN)
    // Whatever is written, by SQLite too, is for the service's user alone.
    umask(0o077)
    OpenFiles.raiseLimit()
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let error as StartupError {
      fail(error.description, code: error.exitCode)
    } catch {
      // Help and version are "errors" to the parser; everything else here is wrong usage.
      if exitCode(for: error) == .success { exit(withError: error) }
      fail("\(message(for: error)) (see 'clean-node serve --help')", code: StartupError.usageCode)
    }
  }

  private static func fail(_ message: String, code: Int32) -> Never {
    let line = message.split(whereSeparator: \.isNewline).joined(separator: " ")
    FileHandle.standardError.write(Data("clean-node: \(line)\n".utf8))
    Foundation.exit(code)
  }
}
