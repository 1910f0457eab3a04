import Foundation
import Testing

/// `clean-ctl` as one person runs it, with a home of their own.
struct CleanCtl {
  var endpoint: String
  var home: String

  /// - Parameter token: without one, the last login's.
  func callAsFunction(
    _ arguments: [String], token: String = "", input: String = ""
  ) throws -> (code: Int32, output: String, error: String) {
    try Binaries.run(
      "clean-ctl", arguments,
      environment: [
        "CLEAN_ENDPOINTS": endpoint, "CLEAN_TOKEN": token, "HOME": home, "NO_COLOR": "1",
        "XDG_CONFIG_HOME": "",
      ], input: input)
  }

  /// What a command that must be done prints as JSON.
  func json<Value>(
    _ arguments: [String], token: String = "", input: String = "", as _: Value.Type = Value.self
  ) throws -> Value {
    let run = try self(arguments + ["--output", "json"], token: token, input: input)
    #expect(run.code == 0, "\(arguments): \(run.error)")
    return try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? Value)
  }
}
