import Foundation
import Testing

@testable import Analysis

/// Cases with cleanlab's answers, made by `Fixtures/make_cleanlab_cases.py`.
struct CleanlabCases: Decodable {
  struct Case: Decodable {
    var given: [Int]
    var probabilities: [[Double]]
    var minimum: Int
    var thresholds: [Double]
    var joint: [[Int]]
    var noiseMatrix: [[Double]]
    var inverseNoiseMatrix: [[Double]]
    var labelIssues: [Int]
    var inverseLabelIssues: [Int]
    var labelNoise: [Double]
    var inverseLabelNoise: [Double]
    var health: Double
    var quality: [String: [Double]]
    /// By filter, then ranking.
    var issues: [String: [String: [Int]]]

    var learning: ConfidentLearning {
      ConfidentLearning(
        given: given, probabilities: Array(probabilities.joined()),
        classCount: probabilities[0].count)
    }
  }

  var cleanlab: String
  var cases: [Case]

  static func read() throws -> CleanlabCases {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/cleanlab_cases.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(CleanlabCases.self, from: Data(contentsOf: path))
  }
}

@Suite struct ConfidentLearningTests {
  @Test func everyFilterGivesCleanlabsRowsInItsOrder() throws {
    let cases = try CleanlabCases.read()
    #expect(cases.cleanlab == "2.9.0")
    #expect(cases.cases.count >= 30)
    for (number, example) in cases.cases.enumerated() {
      let learning = example.learning
      for filter in LabelFilter.allCases {
        let expected = try #require(example.issues[filter.rawValue])
        let issues = learning.issues(filter, leavingPerClass: example.minimum)
        for quality in LabelQuality.allCases {
          #expect(
            learning.ranked(issues, by: quality) == expected[quality.rawValue],
            "case \(number), \(filter) by \(quality)")
        }
      }
    }
  }

  @Test func estimatesAreCleanlabs() throws {
    func near(_ one: [Double], _ other: [Double]) -> Bool {
      one.count == other.count && zip(one, other).allSatisfy { abs($0 - $1) < 2e-9 }
    }
    for (number, example) in try CleanlabCases.read().cases.enumerated() {
      let learning = example.learning
      // cleanlab has 2 where no row has the label.
      #expect(near(learning.thresholds.map { $0 ?? 2 }, example.thresholds), "case \(number)")
      #expect(learning.joint == example.joint, "case \(number)")
      #expect(
        near(Array(learning.noiseMatrix.joined()), Array(example.noiseMatrix.joined())),
        "case \(number)")
      #expect(
        near(
          Array(learning.inverseNoiseMatrix.joined()), Array(example.inverseNoiseMatrix.joined())),
        "case \(number)")
      let noise = learning.classNoise
      #expect(noise.map(\.labelIssues) == example.labelIssues, "case \(number)")
      #expect(noise.map(\.inverseLabelIssues) == example.inverseLabelIssues, "case \(number)")
      #expect(near(noise.map(\.labelNoise), example.labelNoise), "case \(number)")
      #expect(near(noise.map(\.inverseLabelNoise), example.inverseLabelNoise), "case \(number)")
      #expect(near([learning.health], [example.health]), "case \(number)")
      for quality in LabelQuality.allCases {
        let expected = try #require(example.quality[quality.rawValue])
        #expect(near(learning.quality(quality), expected), "case \(number), \(quality)")
      }
    }
  }

  @Test func confidentJointFollowsThePaper() {
    // Thresholds are the mean self-confidences 0.7 and 0.65.
    let probabilities = [0.9, 0.1, 0.9, 0.1, 0.3, 0.7, 0.4, 0.6, 0.3, 0.7]
    let learning = ConfidentLearning(
      given: [0, 0, 0, 1, 1], probabilities: probabilities, classCount: 2)
    #expect(learning.thresholds.map { $0?.reported } == [0.7, 0.65])
    // Row 3 is confidently of no class; the calibrated rows still sum to 3 and 2.
    #expect(learning.confidentClass == [0, 0, 1, nil, 1])
    #expect(learning.joint == [[2, 1], [0, 2]])
    #expect(learning.noiseMatrix[0].map(\.reported) == [1, 0.333333])
    #expect(learning.inverseNoiseMatrix[0].map(\.reported) == [0.666667, 0])
    for filter in LabelFilter.allCases { #expect(learning.issues(filter) == [2], "\(filter)") }
  }

  @Test func everyClassKeepsAsManyRowsAsIsAsked() {
    // All four rows labelled 0 look like 1.
    let probabilities = [0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9] + [0.1, 0.9, 0.1, 0.9]
    let learning = ConfidentLearning(
      given: [0, 0, 0, 0, 1, 1], probabilities: probabilities, classCount: 2)
    for minimum in 0...5 {
      for filter in [LabelFilter.pruneByClass, .pruneByNoiseRate, .both] {
        let issues = learning.issues(filter, leavingPerClass: minimum)
        #expect(issues.count <= max(0, 4 - minimum), "\(filter), \(minimum)")
        #expect(issues == Array((0..<4).suffix(issues.count)), "\(filter), \(minimum)")
      }
    }
  }
}
