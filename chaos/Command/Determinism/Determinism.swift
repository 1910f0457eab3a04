import ArgumentParser
import Foundation
import TenantLog

struct Determinism: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Applies one log of random commands in many ways, and compares the states.",
    discussion: """
      The log has commands of all kinds, sensible and hopeless ones, repetitions and garbage. Each \
      member is a series of processes that share files: they cut the log into batches of other sizes, \
      end at random places by closing, by being killed or with a snapshot, from which the next begins \
      in new files, and each has another locale, another time zone and another seed for hashing. Every \
      outcome is compared, and the rows of all tables at twenty places.

      Exits with 0 if all members are the same everywhere, with 1 otherwise, after naming the first \
      command at which a member differs.
      """)

  @Option(help: "How many commands the log has.")
  var commands = 100_000

  @Option(help: "Of which seed the log and the ways are drawn.")
  var seed: UInt64 = 1

  @Option(help: "How many members there are, the reference among them.")
  var members = 6

  func validate() throws {
    guard (100...10_000_000).contains(commands) else {
      throw ValidationError("--commands takes a number from 100 to 10000000.")
    }
    guard (2...100).contains(members) else {
      throw ValidationError("--members takes a number from 2 to 100.")
    }
  }

  func run() throws {
    guard let executable = Bundle.main.executableURL else {
      throw ValidationError("the program does not find its own file.")
    }
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "chaos-determinism-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let start = ContinuousClock.now
    let run = try DeterminismRun(
      executable: executable, folder: folder, seed: seed, commands: commands)
    let log = try run.logOnDisk()
    let result = try run.run(run.plans(log, members: members))
    result.printSummary(of: run.log, seconds: (ContinuousClock.now - start) / .seconds(1))
    guard result.differences.isEmpty, result.tally.neverAccepted.isEmpty, result.hasVariety else {
      throw ExitCode(1)
    }
  }
}

/// The processes of `chaos determinism`: lives as it is told on standard input.
struct Live: ParsableCommand {
  static let configuration = CommandConfiguration(shouldDisplay: false)

  func run() throws {
    let order = FileHandle.standardInput.readDataToEndOfFile()
    try JSONDecoder().decode(Life.self, from: order).live { report in
      try FileHandle.standardOutput.write(contentsOf: JSONEncoder().encode(report))
    }
  }
}
