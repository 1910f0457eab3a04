import ArgumentParser
import Foundation
import History

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Judges whether a history of clients' operations is linearizable.",
    discussion: """
      The file has a JSON object a line: {"client", "op", "key", "input", "output", "call_ns", \
      "return_ns"}, with return_ns null when no answer came. chaos simulate --history writes such \
      files; docs/fault-model.md describes the fields, and the operations of each model.

      Exits with 0 if the history is linearizable, with 1 if it is not, after printing the smallest \
      part that shows it, with 2 if the file can't be read, and with 3 if it would take too long to \
      find out.
      """)

  @Argument(help: "The history.", completion: .file())
  var file: String

  @Option(help: "What the history is held against: register, versioned-register or log.")
  var model = ModelKind.register

  func run() throws {
    let history: [ClientOperation]
    let verdict: Verdict
    do {
      history = try HistoryFile(path: file).read()
      verdict = try judge(history)
    } catch let problem as any CustomStringConvertible & Error {
      FileHandle.standardError.write(Data("\(problem)\n".utf8))
      throw ExitCode(2)
    }
    print(Self.summary(of: history))
    switch verdict {
    case .linearizable: print("linearizable")
    case .notLinearizable(let part):
      print("not linearizable\n\(part)")
      throw ExitCode(1)
    case .undecided(let object):
      print(object)
      throw ExitCode(3)
    }
  }

  /// Operations stand in the file in the order of their lines.
  private func judge(_ history: [ClientOperation]) throws -> Verdict {
    do {
      return try model.judge(history)
    } catch {
      throw HistoryFormat.Problem(file: file, line: error.operation + 1, text: error.text)
    }
  }

  static func summary(of history: [ClientOperation]) -> String {
    let clients = Set(history.map(\.client)).count
    let keys = Set(history.map(\.key)).count
    let unanswered = history.count { $0.returned == nil }
    return
      "operations: \(history.count), of them without answer: \(unanswered), clients: \(clients),"
      + " keys: \(keys)"
  }
}

extension ModelKind: ExpressibleByArgument {}
