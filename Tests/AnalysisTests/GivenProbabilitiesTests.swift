import Foundation
import Testing

@testable import Analysis

@Suite struct GivenProbabilitiesTests {
  private func result(
    _ text: String, prefix: String = "p_", _ parameters: [String: ParameterValue] = [:]
  ) throws -> DetectorResult {
    let options = AnalysisOptions(
      labelColumn: "label", taskType: .classification, detectors: [.labelErrors],
      parameters: [.labelErrors: parameters], probabilityPrefix: prefix)
    return try #require(try Analyzer(options: options).analyze(table(text))[.labelErrors])
  }

  private func text(_ example: CleanlabCases.Case) -> String {
    let classes = example.probabilities[0].indices.map { "c\($0)" }
    let header = (["label"] + classes.map { "p_" + $0 }).joined(separator: ",")
    let rows = zip(example.given, example.probabilities).map { label, own in
      (["c\(label)"] + own.map { "\($0)" }).joined(separator: ",") + "\n"
    }
    return header + "\n" + rows.joined()
  }

  @Test func rowsAndTheirOrderAreCleanlabs() throws {
    let cases = try CleanlabCases.read().cases.filter { example in
      example.probabilities.allSatisfy {
        abs($0.reduce(0, +) - 1) < GivenProbabilities.sumTolerance
      }
    }
    #expect(cases.count > 20)
    for (number, example) in cases.enumerated() {
      let text = text(example)
      for filter in LabelFilter.allCases {
        for quality in LabelQuality.allCases {
          let result = try result(
            text,
            [
              "filter": .text(filter.rawValue), "ranked_by": .text(quality.rawValue),
              "min_examples_per_class": .number(Double(example.minimum)),
            ])
          #expect(
            result.flagged.map(\.row) == example.issues[filter.rawValue]?[quality.rawValue],
            "case \(number), \(filter) by \(quality)")
          #expect(result.flagged.map(\.score) == result.flagged.map(\.score).sorted(by: >))
        }
      }
      guard example.minimum == 1 else { continue }
      let byDefault = try result(text)
      #expect(
        byDefault.flagged.map(\.row) == example.issues["prune_by_noise_rate"]?["self_confidence"],
        "case \(number)")
      #expect(byDefault.parameters["filter"] == .text("prune_by_noise_rate"))
      #expect(byDefault.parameters["ranked_by"] == .text("self_confidence"))
    }
  }

  private static let small = [
    "label,p_a,p_b,x", "a,0.9,0.1,1", "a,0.8,0.2,1", "a,0.05,0.95,1", "b,0.1,0.9,1",
    "b,0.2,0.8,1", ",0.5,0.5,1", "",
  ]

  @Test func reasonAndSuggestionSpeakOfTheProbabilities() throws {
    let result = try result(Self.small.joined(separator: "\n"))
    #expect(result.flagged.map(\.row) == [2])
    #expect(result.flagged[0].score == 0.95)
    #expect(result.flagged[0].suggestedLabel == "b")
    #expect(result.flagged[0].reason.contains("0.05") && result.flagged[0].reason.contains("0.95"))
    let details = try #require(result.details as? LabelErrorsDetails)
    #expect(details.confidentJoint == [[2, 1], [0, 2]])
    #expect(details.checkedRows == 5)
    #expect(details.health == 0.8)
    #expect(details.classes.map(\.estimatedErrors) == [1, 0])
    #expect(details.classes.map(\.missedRows) == [0, 1])
    #expect(details.rowScores == nil)
  }

  @Test func everyRowHasAScoreIfAllAreAskedFor() throws {
    let result = try result(Self.small.joined(separator: "\n"), ["scores": .text("all")])
    let details = try #require(result.details as? LabelErrorsDetails)
    #expect(details.rowScores == [0.1, 0.2, 0.95, 0.1, 0.2, nil])
    let json = try report(Self.small.joined(separator: "\n")).json()
    let coded = try JSONDecoder().decode(Report.self, from: Data(json))
    #expect(coded[.labelErrors]?.details as? LabelErrorsDetails == details)
  }

  private func report(_ text: String) throws -> Report {
    try Analyzer(
      options: AnalysisOptions(
        labelColumn: "label", detectors: [.labelErrors],
        parameters: [.labelErrors: ["scores": .text("all")]], probabilityPrefix: "p_")
    ).analyze(table(text))
  }

  @Test func columnsMayStandInAnyOrderAndLabelsMayBeNumbers() throws {
    let rows = ["1,0.1,0.9", "1,0.2,0.8", "1,0.9,0.1", "2,0.8,0.2", "2,0.9,0.1"]
    let result = try result("label,p_2.0,p_1\n" + rows.joined(separator: "\n"))
    #expect(result.flagged.map(\.row) == [2])
    #expect(result.flagged[0].suggestedLabel == "2.0")
  }

  @Test func aClassWithoutRowsMayHaveAColumn() throws {
    let rows = ["a,0.9,0.1,0", "a,0.8,0.2,0", "a,0.1,0.9,0", "b,0.1,0.8,0.1", "b,0,0.9,0.1"]
    let result = try result("label,p_a,p_b,p_c\n" + rows.joined(separator: "\n"))
    #expect(result.flagged.map(\.row) == [2])
    let details = try #require(result.details as? LabelErrorsDetails)
    #expect(details.classes.map(\.count) == [3, 2, 0])
    #expect(details.classes[2].threshold == nil)
  }

  @Test func twoRowsAndSinglesAreJudged() throws {
    let two = try result("label,p_a,p_b\na,0.9,0.1\nb,0.4,0.6\n")
    #expect(two.status == .ok && two.flagged.isEmpty)
    let single = try result(
      "label,p_a,p_b\n" + String(repeating: "a,0.9,0.1\n", count: 9) + "b,0.9,0.1\n")
    #expect(single.status == .ok)
  }

  @Test(arguments: [
    ("a,0.9,0.1\nb,,0.9\n", "row 1", "p_a", "missing"),
    ("a,0.9,0.1\nb,NaN,0.9\n", "row 1", "p_a", "missing"),
    ("a,0.9,0.1\nb,0.2,high\n", "row 1", "p_b", "high"),
    ("a,0.9,0.1\nb,1.2,-0.2\n", "row 1", "p_a", "1.2"),
    ("a,0.9,0.1\nb,-0.2,0.2\n", "row 1", "p_a", "-0.2"),
    ("a,0.9,0.1\nb,0.2,0.2\n", "row 1", "p_a", "0.4"),
    ("a,0.9,0.1\nc,0.2,0.8\n", "\"c\"", "p_c", "p_b"),
  ])
  func unusableProbabilitiesNameRowAndColumn(
    rows: String, first: String, second: String, third: String
  ) throws {
    let result = try result("label,p_a,p_b\n" + rows)
    #expect(result.status == .failed)
    for part in [first, second, third] {
      #expect(result.reason?.contains(part) == true, "\(result.reason ?? "") lacks \(part)")
    }
  }

  @Test func aPrefixWithoutColumnsIsAnError() throws {
    let error = #expect(throws: DatasetError.self) {
      try result("label,p_a,p_b\na,0.9,0.1\nb,0.1,0.9\n", prefix: "prob_")
    }
    #expect(error?.message.contains("prob_") == true && error?.message.contains("p_a") == true)
    #expect(throws: OptionError.self) { try result("label,x\na,1\nb,2\n", prefix: "") }
  }
}
