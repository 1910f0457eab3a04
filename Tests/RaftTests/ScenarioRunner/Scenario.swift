/// A story of the protocol as a text: comments begin with `#`, commands stand at the margin, and what
/// came of a command stands below it, indented. The format is described in docs/consensus.md.
struct Scenario {
  /// A line of the file that is no expectation.
  private enum Line {
    /// A comment or an empty line.
    case text(String)
    case command(Command)
  }

  struct Command {
    /// Counted from 1.
    let line: Int
    let text: String
    /// The lines below it, without their indentation.
    var expected: [String] = []
  }

  static let indentation = "    "
  private var lines: [Line] = []

  var commands: [Command] {
    lines.compactMap { if case .command(let command) = $0 { command } else { nil } }
  }

  init(parsing text: String) throws(Finding) {
    var mayExpect = false
    for (i, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if line.isEmpty || line.hasPrefix("#") {
        mayExpect = false
        lines.append(.text(String(line)))
      } else if line.hasPrefix(Self.indentation) {
        guard mayExpect, case .command(var command)? = lines.popLast() else {
          throw Finding(line: i + 1, text: "no command stands above this expectation")
        }
        command.expected.append(String(line.dropFirst(Self.indentation.count)))
        lines.append(.command(command))
      } else if line.hasPrefix(" ") || line.hasPrefix("\t") {
        throw Finding(line: i + 1, text: "expectations are indented by four spaces")
      } else {
        mayExpect = true
        lines.append(.command(Command(line: i + 1, text: String(line))))
      }
    }
    guard !commands.isEmpty else { throw Finding(line: 1, text: "there is no command") }
  }

  /// The same story with these lines below each command, in the commands' order. Where there are none
  /// left, what is expected stays.
  func rewritten(with outcomes: [[String]]) -> String {
    var outcomes = outcomes[...]
    var text: [String] = []
    for line in lines {
      switch line {
      case .text(let line): text.append(line)
      case .command(let command):
        text.append(command.text)
        text += (outcomes.popFirst() ?? command.expected).map { Self.indentation + $0 }
      }
    }
    return text.joined(separator: "\n")
  }
}

/// What is wrong with a scenario, and where.
struct Finding: Error {
  /// Counted from 1.
  let line: Int
  let text: String
}
