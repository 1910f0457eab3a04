import Foundation
import Testing

@testable import Analysis

@Suite struct GradientBoostingTests {
  /// Two features: the first tells the class in three intervals, the second is noise; every seventh
  /// value of the first is missing, which is class 2.
  private struct Example {
    var features: TreeFeatures
    var labels: [Float]

    init(rows: Int, seed: UInt64) {
      var generator = SeededGenerator(seed: seed)
      let values = (0..<rows).map { $0 % 7 == 3 ? Double.nan : normal(&generator) }
      features = TreeFeatures(rowCount: rows)
      features.append(values)
      features.append((0..<rows).map { _ in normal(&generator) })
      labels = values.map { $0.isNaN ? 2 : $0 < -0.4 ? 0 : $0 < 0.4 ? 1 : 2 }
    }
  }

  @Test func threeClassesAreLearntWithMissingValues() throws {
    let example = Example(rows: 600, seed: 1)
    let training = try BoostingMatrix(
      binning: example.features, rows: Array(0..<400), labels: example.labels)
    let booster = try GradientBoosting(.init(objective: .classes(3)), training: training)
    for _ in 0..<20 { try booster.update() }
    let predictions = try booster.predict(example.features, rows: Array(400..<600))
    #expect(predictions.count == 600)
    let right = (0..<200).count { row in
      let own = Array(predictions[row * 3..<row * 3 + 3])
      #expect(abs(own.reduce(0, +) - 1) < 1e-5)
      return own.firstIndex(of: own.max() ?? 0) == Int(example.labels[400 + row])
    }
    #expect(right >= 190)
  }

  @Test func aWatchedMatrixIsPredictedAsTheFeaturesAre() throws {
    let example = Example(rows: 9_000, seed: 2)
    let rows = Array(stride(from: 0, to: 9_000, by: 2))
    let others = Array(stride(from: 8_999, to: 0, by: -2))
    let labels = example.labels.map { $0 == 1 ? Float(1) : 0 }
    let training = try BoostingMatrix(binning: example.features, rows: rows, labels: labels)
    let watched = try BoostingMatrix(example.features, rows: others)
    let booster = try GradientBoosting(
      .init(objective: .binary, rowShare: 0.8, columnShare: 0.5), training: training,
      watched: [watched])
    var after: [[Float]] = []
    for _ in 0..<6 {
      try booster.update()
      after.append(try booster.predict(watched))
    }
    #expect(booster.rounds == 6)
    #expect(after[5] == (try booster.predict(example.features, rows: others)))
    #expect(after[2] == (try booster.predict(example.features, rows: others, rounds: 3)))
    #expect(after[2] == (try booster.predict(watched, rounds: 3)))
    #expect(after[5] == (try booster.predict(watched)))
    #expect(after[2] != after[5])
  }

  @Test func boostersThatTakeTurnsGrowTheTreesTheyGrowAlone() throws {
    let example = Example(rows: 500, seed: 3)
    let rows = Array(0..<500)
    func booster(_ seed: UInt32) throws -> GradientBoosting {
      try GradientBoosting(
        .init(objective: .classes(3), rowShare: 0.6, columnShare: 0.5, seed: seed),
        training: BoostingMatrix(binning: example.features, rows: rows, labels: example.labels))
    }
    let alone = try booster(1)
    for _ in 0..<8 { try alone.update() }
    let (first, second) = (try booster(1), try booster(2))
    for _ in 0..<8 {
      try second.update()
      try first.update()
    }
    let expected = try alone.predict(example.features, rows: rows)
    #expect(try first.predict(example.features, rows: rows) == expected)
    #expect(try second.predict(example.features, rows: rows) != expected)
  }

  @Test func numbersAreLearntBySquaredError() throws {
    var features = TreeFeatures(rowCount: 300)
    features.append((0..<300).map { Double($0) })
    let labels = (0..<300).map { Float($0 < 100 ? -1 : $0 < 200 ? 0 : 2) }
    let training = try BoostingMatrix(binning: features, rows: Array(0..<300), labels: labels)
    let booster = try GradientBoosting(.init(objective: .squaredError), training: training)
    for _ in 0..<60 { try booster.update() }
    let predictions = try booster.predict(features, rows: [0, 150, 299])
    #expect(zip(predictions, [-1, 0, 2]).allSatisfy { abs($0 - $1) < 0.05 })
  }

  @Test func infinitiesAndHugeNumbersAreValuesLikeOthers() throws {
    var features = TreeFeatures(rowCount: 80)
    features.append(
      (0..<80).map { $0 % 4 == 0 ? .infinity : $0 % 4 == 1 ? -.infinity : $0 % 4 == 2 ? 1e300 : 0 })
    let labels = (0..<80).map { Float($0 % 4 == 0 || $0 % 4 == 2 ? 1 : 0) }
    let training = try BoostingMatrix(binning: features, rows: Array(0..<80), labels: labels)
    let booster = try GradientBoosting(.init(objective: .binary), training: training)
    for _ in 0..<10 { try booster.update() }
    let predictions = try booster.predict(features, rows: [0, 1, 2, 3])
    #expect(predictions[0] > 0.8 && predictions[1] < 0.2)
    #expect(predictions[2] > 0.8 && predictions[3] < 0.2)
  }

  @Test func theLibrarysComplaintIsPassedOn() throws {
    let example = Example(rows: 50, seed: 4)
    let training = try BoostingMatrix(
      binning: example.features, rows: Array(0..<50), labels: example.labels)
    let booster = try GradientBoosting(.init(objective: .classes(2)), training: training)
    let error = #expect(throws: BoostingError.self) { try booster.update() }
    #expect(error?.operation == "grow trees")
    #expect(error?.message.isEmpty == false)
  }

  @Test(arguments: [1, 4, 6, 8]) func sortingIntoBinsCanBeStopped(at batch: Int) throws {
    // Two batches, each given four times.
    var features = TreeFeatures(rowCount: 1_000)
    for column in 0..<200 { features.append((0..<1_000).map { Double($0 * column % 97) }) }
    var batches = 0
    #expect(throws: AnalysisCancelled.self) {
      try BoostingMatrix(
        binning: features, rows: Array(0..<1_000), labels: [Float](repeating: 0, count: 1_000)
      ) { _ in
        batches += 1
        if batches == batch { throw AnalysisCancelled() }
      }
    }
    #expect(batches == batch)
  }

  @Test func noThreadIsStarted() async throws {
    // Other tests start threads of their own at any time; a library that starts some does it on each
    // thread that calls it.
    var started = [Int]()
    for _ in 0..<20 where !started.contains(where: { $0 <= 0 }) {
      started.append(
        try await withCheckedThrowingContinuation { continuation in
          Thread { continuation.resume(with: Result { try Self.threadsStartedByBoosting() }) }
            .start()
        })
    }
    #expect(started.contains { $0 <= 0 }, "started: \(started)")
  }

  private static func threadsStartedByBoosting() throws -> Int {
    func threads() throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
    }
    let example = Example(rows: 20_000, seed: 5)
    let rows = Array(0..<20_000)
    let before = try threads()
    let training = try BoostingMatrix(binning: example.features, rows: rows, labels: example.labels)
    let booster = try GradientBoosting(.init(objective: .classes(3)), training: training)
    try booster.update()
    _ = try booster.predict(example.features, rows: rows)
    _ = try booster.predict(training)
    return try threads() - before
  }
}
