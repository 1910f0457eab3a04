import ArgumentParser
import Foundation
import History
import Simulator
import Testing

@testable import chaos

@Suite struct CheckTests {
  private func withFile(_ text: String, _ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "history-\(UUID().uuidString).ndjson").path()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(text.utf8).write(to: URL(filePath: path))
    try body(path)
  }

  private func status(_ path: String, _ arguments: [String] = []) throws -> Int32 {
    let command = try Check.parse(arguments + [path])
    do {
      try command.run()
      return 0
    } catch let code as ExitCode {
      return code.rawValue
    }
  }

  private static let sound = """
    {"client":1,"op":"write","key":"a","input":5,"output":null,"call_ns":1,"return_ns":2}
    {"client":2,"op":"read","key":"a","input":null,"output":5,"call_ns":3,"return_ns":4}

    """

  private func status(of text: String, _ arguments: String...) throws -> Int32 {
    var found: Int32 = -1
    try withFile(text) { found = try status($0, arguments) }
    return found
  }

  @Test func exitStatusSaysTheVerdict() throws {
    #expect(try status(of: Self.sound) == 0)
    #expect(try status(of: Self.sound.replacing("\"output\":5", with: "\"output\":null")) == 1)
    #expect(try status(of: "") == 0)
  }

  @Test func whatCannotBeReadEndsWithTwo() throws {
    #expect(try status(of: "not a history") == 2)
    #expect(try status(of: Self.sound.replacing("read", with: "pop")) == 2)
    #expect(try status(of: Self.sound, "--model", "log") == 2)
    #expect(try status("/nowhere/history.ndjson") == 2)
  }

  @Test func placeThatCannotBeReadIsNamed() {
    #expect {
      try HistoryFile(path: "/nowhere/history.ndjson").read()
    } throws: {
      "\($0)" == "can't read /nowhere/history.ndjson: No such file or directory"
    }
    #expect {
      try HistoryFile(path: "/nowhere/history.ndjson").write([])
    } throws: {
      "\($0)" == "can't write /nowhere/history.ndjson: No such file or directory"
    }
  }

  @Test func historyOfARunIsReadAsItWasWritten() throws {
    let simulation = Simulation(seed: 3, options: SimulationOptions(duration: .stretched(500_000)))
    _ = simulation.run()
    #expect(simulation.history.count > 5)
    try withFile("") { path in
      try HistoryFile(path: path).write(simulation.history)
      let history = try HistoryFile(path: path).read()
      #expect(history == simulation.history)
      let status = try status(path, ["--model", simulation.historyModel.rawValue])
      #expect(status == 0)
    }
  }

  @Test func summaryCounts() {
    let history = [
      ClientOperation(client: 1, name: "read", key: "a", called: 0, returned: nil),
      ClientOperation(client: 2, name: "read", key: "b", called: 0, returned: 1),
      ClientOperation(client: 2, name: "read", key: "b", called: 2, returned: 3),
    ]
    #expect(
      Check.summary(of: history) == "operations: 3, of them without answer: 1, clients: 2, keys: 2")
  }

  @Test func modelsAreNamed() throws {
    #expect(try Check.parse(["h"]).model == .register)
    #expect(try Check.parse(["h", "--model", "versioned-register"]).model == .versionedRegister)
    #expect(throws: (any Error).self) { try Check.parse(["h", "--model", "queue"]) }
  }
}
