import Simulator
import Testing

@testable import chaos

@Suite struct CommandLineTests {
  @Test func optionsDetermineTheSettings() throws {
    let command = try Simulate.parse([
      "--seeds", "7", "--nodes", "5", "--minutes", "0.5", "--faults", "kills,loss", "--sabotage",
      "loses-log",
    ])
    let expected = RunSettings(
      nodes: 5, minutes: 0.5, faults: FaultSelection(kinds: [.kills, .loss]), sabotage: .losesLog)
    #expect(command.options.settings == expected)
  }

  @Test(arguments: [
    RunSettings(),
    RunSettings(minutes: 0.25),
    RunSettings(nodes: 3, minutes: 2, faults: FaultSelection(kinds: [])),
    RunSettings(minutes: 0.017, faults: FaultSelection(kinds: [.oneWayPartitions])),
    RunSettings(minutes: 1_440, faults: FaultSelection(kinds: [.loss]), sabotage: .losesLog),
  ])
  func settingsAreReadAsTheyArePrinted(settings: RunSettings) throws {
    #expect(try Simulate.parse(["--seeds", "1"] + settings.arguments).options.settings == settings)
  }

  @Test func listMayBeginWithAKindToLeaveOut() throws {
    let command = try Simulate.parse(["--seeds", "7", "--faults", "-delay"])
    #expect(!command.options.settings.faults.kinds.contains(.delay))
  }

  struct Mistake: Sendable, CustomTestStringConvertible {
    var arguments: [String]
    var answer: String
    var testDescription: String { arguments.joined(separator: " ") }
  }

  @Test(arguments: [
    Mistake(arguments: [], answer: "--seeds <seeds>"),
    Mistake(arguments: ["--seeds", "9..1"], answer: "the first seed is above the last"),
    Mistake(arguments: ["--seeds", "many"], answer: "7, 1..200 or fresh:100"),
    Mistake(arguments: ["--seeds", "fresh:0"], answer: "from 1 to 10000000"),
    Mistake(arguments: ["--seeds", "1", "--nodes", "0"], answer: "--nodes takes a number from 1"),
    Mistake(
      arguments: ["--seeds", "1", "--minutes", "0"], answer: "--minutes takes a number above"),
    Mistake(arguments: ["--seeds", "1", "--jobs", "0"], answer: "--jobs takes a number from 1"),
    Mistake(arguments: ["--seeds", "1", "--faults", "rain"], answer: "there is no fault 'rain'"),
    Mistake(
      arguments: ["--seeds", "1", "--faults", "--jobs"], answer: "there is no fault '-jobs'"),
    Mistake(arguments: ["--seeds", "1..2", "--explain"], answer: "--explain takes one seed"),
    Mistake(
      arguments: ["--seeds", "1..2", "--history", "h"], answer: "--history takes one seed"),
    Mistake(arguments: ["--seeds", "1", "--sabotage", "lie"], answer: "loses-log"),
  ])
  func mistakesAreAnswered(mistake: Mistake) {
    #expect {
      try Simulate.parse(mistake.arguments)
    } throws: {
      Simulate.message(for: $0).contains(mistake.answer)
    }
  }

  @Test func seedsAreSelected() throws {
    #expect(try SeedSelection("7").seeds == [7])
    #expect(try SeedSelection("3..6").seeds == [3, 4, 5, 6])
    let fresh = try SeedSelection("fresh:20")
    #expect(fresh.isFresh && Set(fresh.seeds).count == 20)
  }

  @Test func progressSaysHowLongItTakes() {
    let progress = Progress(done: 50, failed: 1, total: 200, seconds: 10)
    #expect(progress.description == "50 of 200 seeds, 1 failed, 300 a minute, 30 s left")
    #expect(Progress.format(3_599) == "59 min 59 s")
    #expect(Progress.format(7_380) == "2 h 3 min")
  }
}
