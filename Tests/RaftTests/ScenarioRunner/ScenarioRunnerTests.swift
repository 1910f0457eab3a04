import Testing

@testable import Raft

/// Scenarios prove something only if the runner notices when they are wrong.
@Suite struct ScenarioRunnerTests {
  private static let election = """
    # A comment.
    voters a b

    a times out
        a  becomes candidate
        a → b  (1) pre-vote? log ends at 0@0
    b is cut off
    b ticks 1
        nothing happens
    show members
        a  candidate, term 0; log to 0@0, commit 0, applied 0
        b  follower, term 0; log to 0@0, commit 0, applied 0
    """

  private func run(_ text: String) throws -> [Finding] {
    ScenarioRun(try Scenario(parsing: text)).findings
  }

  private func findings(replacing old: String, by new: String) throws -> [Finding] {
    let text = Self.election.replacing(old, with: new)
    #expect(text != Self.election)
    return try run(text)
  }

  @Test func trueStoryIsFoundTrueAndRewrittenAsItIs() throws {
    let scenario = try Scenario(parsing: Self.election)
    let run = ScenarioRun(scenario)
    #expect(run.findings.isEmpty)
    #expect(scenario.rewritten(with: run.outcomes) == Self.election)
  }

  @Test func wrongLineIsShownBesideWhatHappened() throws {
    let found = try findings(replacing: "log ends at 0@0", by: "log ends at 7@1")
    #expect(found.map(\.line) == [4])
    #expect(found[0].text.contains("6 - a → b  (1) pre-vote? log ends at 7@1"))
    #expect(found[0].text.contains("+ a → b  (1) pre-vote? log ends at 0@0"))
    #expect(found[0].text.contains("5   a  becomes candidate"))
  }

  @Test func missingLineIsReported() throws {
    let found = try findings(replacing: "    a  becomes candidate\n", by: "")
    #expect(found.map(\.line) == [4])
    #expect(found[0].text.contains("+ a  becomes candidate"))
  }

  @Test func silenceWhereSomethingHappenedIsReported() throws {
    let lines = "    a  becomes candidate\n    a → b  (1) pre-vote? log ends at 0@0\n"
    #expect(try findings(replacing: lines, by: "").map(\.line) == [4])
  }

  @Test func silenceWhereNothingHappenedIsReported() throws {
    #expect(try findings(replacing: "    nothing happens\n", by: "").map(\.line) == [8])
  }

  @Test func expectationOfWhatDidNotHappenIsReported() throws {
    let found = try findings(replacing: "b is cut off\n", by: "b is cut off\n    b  term 1\n")
    #expect(found.map(\.line) == [7])
    #expect(found[0].text.contains("8 - b  term 1"))
  }

  @Test func onlyTheFirstDifferenceIsShownAndTheOthersCounted() throws {
    let found = try findings(replacing: "0@0", by: "9@9")
    #expect(found.map(\.line) == [4, 4])
    #expect(found[1].text.hasPrefix("1 commands after this one"))
  }

  @Test(arguments: [
    ("b jumps", "unknown command"),
    ("z ticks 1", "there is no z"),
    ("b ticks often", "unknown command"),
    ("lose b → a", "nothing is under way"),
    ("deliver b → a", "nothing is under way"),
    ("b restarts", "b runs"),
    ("show peers of b", "b does not lead"),
    ("b's disk completes a write", "no write is under way"),
    ("voters a b c", "there is a cluster"),
    ("given election ticks 7", "founded already"),
    ("a → b loses flowers", "no messages are called that"),
    ("a is asked to dance", "no change is called"),
    ("quietly show members", "nothing is left out"),
  ])
  func commandThatMakesNoSenseIsReportedWithItsLine(command: String, reason: String) throws {
    let found = try findings(replacing: "b ticks 1\n    nothing happens", by: command)
    #expect(found.map(\.line) == [8])
    #expect(found[0].text.contains("“\(command)”"))
    #expect(found[0].text.contains(reason))
  }

  @Test func nothingCanHappenBeforeThereIsACluster() throws {
    let found = try run("a ticks 1")
    #expect(found.map(\.line) == [1])
    #expect(try run("given luck 3").first?.text.contains("no such option") == true)
  }

  @Test(arguments: [
    ("voters a\n\n    a  leads", 3, "no command stands above"),
    ("voters a\n  a  leads", 2, "indented by four spaces"),
    ("# Nothing at all.\n", 1, "no command"),
  ])
  func textThatIsNoScenarioIsReportedWithItsLine(text: String, line: Int, reason: String) throws {
    let finding = try #require(throws: Finding.self) { try Scenario(parsing: text) }
    #expect(finding.line == line)
    #expect(finding.text.contains(reason))
  }

  @Test func twoLeadersOfATermAreNoticed() {
    var cluster = TestCluster(2)
    cluster.elect(MemberID(1))
    let transcript = Transcript()
    let first = cluster.status(MemberID(1))
    transcript.stepped(MemberID(1), from: first, to: first, [])
    #expect(transcript.rivals == nil)
    var second = cluster.status(MemberID(2))
    second.role = .leader
    transcript.stepped(MemberID(2), from: second, to: second, [])
    #expect(transcript.rivals == "a and b both lead term \(first.term)")
  }

  @Test func differentDecisionsAreNoticed() throws {
    func entry(_ text: String) -> Entry {
      Entry(
        position: LogPosition(index: LogIndex(1), term: Term(1)),
        content: .command(Array(text.utf8), proposal: nil))
    }
    var decided = Decisions()
    try decided.check([entry("x")], of: MemberID(1))
    try decided.check([entry("x")], of: MemberID(2))
    #expect(throws: Refusal.self) { try decided.check([entry("y")], of: MemberID(3)) }
  }
}
