import ArgumentParser
import CloudClient
import Testing

@testable import clean_ctl

@Suite struct EndingTests {
  private func ending(of arguments: [String]) throws -> Ending {
    let error = #expect(throws: (any Error).self) {
      // Help is a command whose running "fails" with the text.
      var command = try CleanCtl.parseAsRoot(arguments)
      try command.run()
    }
    return Ending(of: try #require(error))
  }

  @Test func exitCodesAreTheContracts() {
    let problem = Problem(title: "Forbidden", status: 403, code: .forbidden)
    let failure = EndpointFailure(endpoint: "http://a", reason: "connection refused")
    #expect(Ending(of: CloudError.refused(problem)).status.rawValue == 1)
    #expect(Ending(of: CommandFailure.wrongUsage("no")).status.rawValue == 2)
    #expect(Ending(of: CloudError.invalidEndpoint("x")).status.rawValue == 2)
    #expect(Ending(of: CloudError.unreachable([failure])).status.rawValue == 3)
    #expect(Ending(of: CloudError.outcomeUnknown(failure)).status.rawValue == 3)
    #expect(Ending(of: ClusterUnhealthy()).status.rawValue == 4)
  }

  @Test(arguments: [
    ["cluster", "status", "--colour"], ["cluster", "frobnicate"], ["workspace", "create"],
    ["key", "list", "--output", "xml"], ["analyze"], ["user", "set-role", "usr_1"],
    ["user", "create", "bob@example.com"],
  ])
  func wrongUsageIsTwoAndSaysHowToDoItRight(_ arguments: [String]) throws {
    let ending = try ending(of: arguments)
    #expect(ending.status == .wrongUsage)
    #expect(ending.standardError.hasPrefix("Error: "))
    #expect(ending.standardError.contains("Usage: clean-ctl"))
    #expect(ending.standardOutput.isEmpty)
  }

  @Test func helpIsNoError() throws {
    let ending = try ending(of: ["cluster", "status", "--help"])
    #expect(ending.status == .done)
    #expect(ending.standardOutput.contains("clean-ctl cluster status"))
    #expect(ending.standardError.isEmpty)
  }

  @Test func messagesAreOneLineWithWhatToDo() {
    let problem = Problem(
      title: "Unauthenticated", status: 401, detail: "the token has run out",
      code: .unauthenticated, requestID: "req_1")
    #expect(
      Ending(of: CloudError.refused(problem)).standardError
        == "clean-ctl: the token has run out [unauthenticated, req_1]; "
        + "log in with `clean-ctl login EMAIL`, or give --token")
    let failures = ["a", "b"].map { EndpointFailure(endpoint: "http://\($0)", reason: "no") }
    #expect(
      Ending(of: CloudError.unreachable(failures)).standardError
        == "clean-ctl: no endpoint reachable (http://a: no; http://b: no); "
        + "check the addresses and that a node runs there")
  }

  @Test(arguments: [
    ["cluster", "status"], ["cluster", "health"], ["cluster", "members"],
    ["login", "ada@example.com"], ["register", "ada@example.com"], ["whoami"],
    ["logout", "--everywhere"],
    ["workspace", "create", "Lab", "--plan", "free", "--owner-email", "ada@example.com"],
    ["workspace", "list"], ["workspace", "show", "ws_1"], ["workspace", "usage", "ws_1"],
    ["key", "create", "--workspace", "ws_1", "--name", "ci", "--scopes", "analyze,read"],
    ["workspace", "set-plan", "ws_1", "professional"],
    ["user", "create", "bob@example.com", "--workspace", "ws_1", "--role", "analyst"],
    ["user", "list", "--workspace", "ws_1"],
    ["user", "set-role", "usr_1", "viewer", "--workspace", "ws_1"],
    ["user", "set-role", "bob@example.com", "--role", "viewer"],
    ["user", "remove", "usr_1", "--workspace", "ws_1"],
    ["key", "list"], ["key", "revoke", "key_1"], ["key", "rotate", "key_1"],
    ["analyze", "a.csv", "--label-column", "y", "--detectors", "outliers", "-o", "out.txt"],
  ])
  func globalOptionsFollowAnyCommand(_ arguments: [String]) throws {
    let options = [
      "--endpoints", "http://a,http://b", "--token", "t", "--output", "json", "--cacert", "ca.pem",
    ]
    _ = try CleanCtl.parseAsRoot(arguments + options)
  }
}
