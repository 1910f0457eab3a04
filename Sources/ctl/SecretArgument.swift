import ArgumentParser

/// A token on the command line, where whoever may list processes sees it and the shell keeps it; or `-`, so
/// that it is read as the first line of the standard input.
struct SecretArgument: ExpressibleByArgument {
  private let argument: String

  init(argument: String) {
    self.argument = argument
  }

  /// Reads the line, if it is one. Once only.
  func read() throws -> String {
    guard argument == "-" else { return argument }
    guard let line = readLine(strippingNewline: true), !line.isEmpty else {
      throw CommandFailure.wrongUsage("no token on the standard input, where `-` says that it is")
    }
    return line
  }
}
