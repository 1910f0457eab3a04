import Foundation

/// What a member's lives came to.
struct MemberRun {
  var plan: MemberPlan
  var reports: [LifeReport]
  var outcomes: [[UInt8]]

  var marks: [LifeReport.Mark] { reports.flatMap(\.marks) }
  var seconds: Double { reports.reduce(0) { $0 + $1.seconds } }
  var batches: Int { reports.reduce(0) { $0 + $1.batches } }

  struct Problem: Error, CustomStringConvertible {
    let description: String
  }

  /// Runs one process after the other.
  init(_ plan: MemberPlan, executable: URL) throws {
    self.plan = plan
    reports = []
    for (life, surroundings) in plan.lives {
      try FileManager.default.createDirectory(
        atPath: life.directory, withIntermediateDirectories: true)
      reports.append(try Self.run(life, surroundings, of: plan.name, executable))
    }
    outcomes = try RecordFile(path: plan.lives[0].life.outcomes).read()
  }

  private static func run(
    _ life: Life, _ surroundings: Surroundings, of member: String, _ executable: URL
  ) throws -> LifeReport {
    let process = Process()
    let input = Pipe()
    let output = Pipe()
    process.executableURL = executable
    process.arguments = ["live"]
    process.environment = surroundings.environment(over: ProcessInfo.processInfo.environment)
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: try JSONEncoder().encode(life))
    try input.fileHandleForWriting.close()
    let json = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let isDead = process.terminationReason == .uncaughtSignal
    guard isDead == (life.ending == .killed),
      let report = try? JSONDecoder().decode(LifeReport.self, from: json)
    else {
      let status = process.terminationStatus
      throw Problem(
        description: "member \(member) was lost between entries \(life.part.lowerBound + 1) and "
          + "\(life.part.upperBound): its process ended "
          + (isDead ? "by signal \(status)" : "with status \(status)"))
    }
    if let problem = report.problems.first {
      throw Problem(
        description: "the database of member \(member) is damaged after entry "
          + "\(life.part.upperBound): \(problem)")
    }
    return report
  }
}
