import Foundation
import Raft

/// How one member comes through the log: in which lives, and what surrounds each of them.
struct MemberPlan {
  var name: String
  /// A folder of its own, for its files.
  var folder: String
  var lives: [(life: Life, surroundings: Surroundings)]

  /// A member whose process runs from the first entry to the last.
  init(
    _ name: String, of log: LogOnDisk, in folder: String, batches: ClosedRange<Int>,
    surroundings: Surroundings
  ) {
    self.name = name
    self.folder = folder
    let life = Life(
      log: log.path, outcomes: folder + "/outcomes", snapshot: folder + "/snapshot",
      directory: folder + "/state", beginning: .empty, ending: .closed, part: 0..<log.count,
      batches: batches, seed: 0, marks: log.marks)
    lives = [(life, surroundings)]
  }

  /// A member with several lives, each with batches of another size and other surroundings.
  init(_ name: String, of log: LogOnDisk, in folder: String, _ random: inout RandomSource) {
    self.init(name, of: log, in: folder, batches: 1...1, surroundings: .plain)
    let whole = lives[0].life
    let cuts = (0..<3 + random.next(below: 10)).map { _ in
      Int(random.next(below: UInt64(log.count)))
    }
    let places = Set(cuts + [0, log.count]).sorted()
    var ending = Life.Ending.closed
    lives = []
    for (start, end) in zip(places, places.dropFirst()) {
      var life = whole
      life.part = start..<end
      life.beginning = start == 0 ? .empty : ending == .snapshot ? .restored : .reopened
      ending = Life.Ending.allCases[Int(random.next(below: 3))]
      life.ending = ending
      life.directory = folder + "/state"
      // A snapshot begins in files of its own, which the lives after it go on with.
      let restorations = lives.count { $0.life.beginning == .restored }
      let generation = restorations + (life.beginning == .restored ? 1 : 0)
      if generation > 0 { life.directory += "-\(generation)" }
      life.batches = 1...(1 << Int(random.next(below: 11)))
      life.seed = random.next()
      lives.append((life, .draw(&random)))
    }
  }

  /// The same with other marks.
  func looking(at marks: [Int], in folder: String) -> MemberPlan {
    var plan = self
    plan.folder = folder
    for i in lives.indices {
      plan.lives[i].life.marks = marks
      plan.lives[i].life.outcomes = folder + "/outcomes"
      plan.lives[i].life.snapshot = folder + "/snapshot"
      plan.lives[i].life.directory =
        folder + "/" + URL(filePath: lives[i].life.directory).lastPathComponent
    }
    return plan
  }
}

/// The log that all members apply.
struct LogOnDisk {
  let path: String
  let count: Int
  /// After how many entries the members are compared.
  let marks: [Int]

  init(_ entries: [[UInt8]], path: String, points: Int) throws {
    try RecordFile(path: path).append(entries)
    self.path = path
    count = entries.count
    marks = Self.marks(in: 0...entries.count, points)
  }

  /// Up to so many places behind the beginning of a range, its end among them.
  static func marks(in range: ClosedRange<Int>, _ points: Int) -> [Int] {
    let length = range.upperBound - range.lowerBound
    let steps = min(points, length)
    return (1...max(1, steps)).map { range.lowerBound + length * $0 / max(1, steps) }
  }
}
