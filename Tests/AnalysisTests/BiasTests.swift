import Foundation
import Testing

@testable import Analysis

@Suite struct BiasTests {
  /// People of two groups with given numbers of each class.
  private func people(_ counts: [(sex: String, label: String, count: Int)]) -> String {
    "sex,label\n"
      + counts.map { String(repeating: "\($0.sex),\($0.label)\n", count: $0.count) }.joined()
  }

  private func analyse(
    _ text: String, _ options: AnalysisOptions = AnalysisOptions(), reference: String? = nil,
    parameters: [String: ParameterValue] = [:]
  ) throws -> (result: DetectorResult, details: BiasDetails, soundness: Double) {
    var options = options
    options.detectors = [.bias]
    options.parameters = [.bias: parameters]
    let report = try Analyzer(options: options).analyze(
      table(text), reference: reference.map { try table($0) })
    let result = try #require(report[.bias])
    return (
      result, try #require(result.details as? BiasDetails), try #require(report.qualityScore)
    )
  }

  // MARK: - Which columns

  @Test(arguments: [
    ("message", []), ("average", []), ("trace", []), ("sextant", []), ("usage", []),
    ("patientAge", ["patient", "age"]), ("AGE2", ["age"]), ("Patient-Age (years)", ["age"]),
    ("HTTPRace", ["http", "race"]), ("maritalStatus", ["marital"]), ("", []), ("é_sex", ["sex"]),
  ])
  func namesAreSplitIntoWholeWords(name: String, words: [String]) {
    let found = Set(name.nameWords)
    #expect(found.isSuperset(of: words))
    #expect(found.isDisjoint(with: Set(["age", "race", "sex"]).subtracting(words)))
  }

  @Test(arguments: [
    ("message", false), ("average", false), ("trace", false), ("sextant", false),
    ("gender", true), ("Sex", true), ("applicant_race", true), ("maritalStatus", true),
    ("nativeCountry", true), ("country", false), ("HouseAge", false), ("skin", false),
    ("is_female", true), ("black", true), ("senior_citizen", true), ("senior", false),
  ])
  func columnsAreGuessedByWholeWords(name: String, isSensitive: Bool) throws {
    let lines = (0..<80).map { "\($0 % 2 == 0 ? "p" : "q"),\($0 % 3 == 0 ? "yes" : "no")\n" }
    let text = "\(name),label\n" + lines.joined()
    let report = try report(text, [.bias])
    #expect((report[.bias]?.status == .ok) == isSensitive)
    if !isSensitive { #expect(report[.bias]?.status == .skipped) }
  }

  /// Concrete is aged for up to a year, in days; an age of 999 is a person's that is not known.
  @Test func agesOfMoreThanALifeAreNoPersons() throws {
    func status(_ ages: [Int]) throws -> DetectorResult.Status? {
      let lines = ages.enumerated().map { "\($1),\($0 % 2)\n" }
      return try report("age,label\n" + lines.joined(), [.bias])[.bias]?.status
    }
    let people = (0..<400).map { 20 + $0 % 60 }
    #expect(try status((0..<400).map { [3, 7, 28, 90, 365][$0 % 5] }) == .skipped)
    #expect(try status(people) == .ok)
    #expect(try status(people + Array(repeating: 999, count: 40)) == .ok)
    #expect(try status(people + [370]) == .ok)
  }

  /// `black` is also a colour of things, and then one of many.
  @Test func namesOfGroupsCountForTwoValuesAlone() throws {
    let lines = (0..<90).map { "\(["none", "some", "much"][$0 % 3]),\($0 % 2)\n" }
    #expect(try report("black,label\n" + lines.joined(), [.bias])[.bias]?.status == .skipped)
  }

  @Test func racesThatAreMeasuredAreContests() throws {
    let lines = (0..<100).map { "\(10 + $0).5,\($0 % 2)\n" }
    #expect(try report("race,label\n" + lines.joined(), [.bias])[.bias]?.status == .skipped)
  }

  @Test func namedColumnsTakeTheGuessesPlace() throws {
    let text = people([("f", "yes", 40), ("m", "no", 40)])
      .split(separator: "\n").enumerated()
      .map { $0 == 0 ? "\($1),branch" : "\($1),\($0 % 2 == 0 ? "x" : "y")" }
      .joined(separator: "\n")
    let found = try analyse(text, AnalysisOptions(sensitiveColumns: ["branch"]))
    #expect(found.details.attributes.map(\.columns) == [["branch"]])
    #expect(found.details.attributes.map(\.guessed) == [false])
    #expect(found.details.findings.isEmpty)
  }

  // MARK: - Demographic parity

  @Test func ratesAreComparedWithTheHighest() throws {
    let found = try analyse(
      people([("f", "yes", 60), ("f", "no", 140), ("m", "yes", 120), ("m", "no", 80)]))
    let attribute = try #require(found.details.attributes.first)
    #expect(attribute.groups.map(\.name) == ["f", "m"])
    #expect(attribute.groups.map { $0.rates.map(\.rate.value) } == [[0.3], [0.6]])
    let gap = try #require(attribute.gaps.first)
    #expect(gap.highest == "m" && gap.lowest == "f")
    #expect(gap.ratio == 0.5)
    // Newcombe's interval for 120/200 - 60/200, reckoned by hand from the two score intervals.
    #expect(abs(gap.difference.low - 0.2037) < 1e-3 && abs(gap.difference.high - 0.3890) < 1e-3)
    let finding = try #require(found.details.findings.first)
    #expect(finding.measure == .selectionRate && finding.group == "f")
    #expect(finding.sentence.contains("30 %") && finding.sentence.contains("four fifths"))
    #expect(found.details.favourableClass == "yes")
    #expect(found.result.flagged.isEmpty)
    // The same interval's lower end where four hold at once: of the rates, the association and two shares.
    #expect(abs(found.soundness - 100 * (1 - 0.1768)) < 0.01)
  }

  /// As labels change one by one a finding fades before it is none any more: else chance would raise the score at
  /// once.
  @Test func aFindingFades() throws {
    let soundness = try (0...20).map { changed in
      try analyse(
        people([
          ("f", "yes", 15 + changed), ("f", "no", 45 - changed), ("m", "yes", 40), ("m", "no", 20),
        ])
      ).soundness
    }
    #expect(soundness[0] < 85 && soundness[20] == 100)
    #expect(soundness == soundness.sorted())
    for (before, after) in zip(soundness, soundness.dropFirst()) { #expect(after - before < 3) }
  }

  @Test func chanceAndSmallDifferencesAreNoFindings() throws {
    // Beyond a tenth, but of few rows.
    let few = try analyse(
      people([("f", "yes", 15), ("f", "no", 20), ("m", "yes", 20), ("m", "no", 15)]))
    #expect(few.details.findings.isEmpty)
    #expect(few.soundness == 100)
    // Beyond chance, but small.
    let small = try analyse(
      people([("f", "yes", 50_000), ("f", "no", 50_000), ("m", "yes", 52_000), ("m", "no", 48_000)])
    )
    #expect(small.details.findings.isEmpty)
    let gap = try #require(small.details.attributes.first?.gaps.first)
    #expect(gap.difference.low > 0)
  }

  @Test func groupsOfNoEffectAreRarelyFound() throws {
    var generator = SeededGenerator(seed: 11)
    var alarms = 0
    for _ in 0..<60 {
      let lines = (0..<400).map { _ in
        "\(["f", "m"][generator.next(below: 2)]),\(18 + generator.next(below: 60)),"
          + "\(["a", "b", "c", "d"][generator.next(below: 4)]),"
          + "\(["yes", "no"][generator.next(below: 2)])\n"
      }
      let found = try analyse("sex,age,race,label\n" + lines.joined())
      #expect(found.details.attributes.count == 6)
      alarms += found.details.findings.isEmpty ? 0 : 1
    }
    #expect(alarms <= 6)
  }

  @Test func smallGroupsAreListedButNotJudged() throws {
    let found = try analyse(
      people([
        ("f", "yes", 50), ("f", "no", 50), ("m", "yes", 50), ("m", "no", 50), ("x", "no", 29),
      ]))
    let groups = try #require(found.details.attributes.first).groups
    #expect(groups.map(\.tooSmall) == [false, false, true])
    #expect(groups[2].rates.isEmpty)
    #expect(!found.details.findings.contains { $0.group == "x" && $0.measure == .selectionRate })
  }

  @Test(arguments: [
    ("hired", ["no", "yes"], "yes"), ("default", ["no", "yes"], "no"),
    ("risk", ["bad", "good"], "good"), ("churn", ["0", "1"], "0"), ("label", ["0", "1"], "1"),
    ("income", ["<=50K", ">50K"], ">50K"), ("verdict", ["denied", "other"], "other"),
    ("deny", ["no", "yes"], "no"), ("citation_issued", ["NO", "YES"], "NO"),
    ("outcome", ["job", "no_job"], "job"), ("decision", ["tenured", "not tenured"], "tenured"),
    ("state", ["churned", "not churned"], "not churned"),
  ])
  func theFavourableClassIsGuessed(name: String, classes: [String], favourable: String) throws {
    let lines = (0..<90).map { "\($0 % 2 == 0 ? "f" : "m"),\(classes[$0 % 3 == 0 ? 1 : 0])\n" }
    let found = try analyse(
      "sex,\(name)\n" + lines.joined(), AnalysisOptions(labelColumn: name))
    #expect(found.details.favourableClass == favourable)
    #expect(found.details.notes.first?.contains("\"\(favourable)\"") == true)
  }

  @Test func theFavourableClassCanBeNamed() throws {
    let text = people([("f", "a", 40), ("m", "b", 30), ("m", "c", 30)])
    #expect(try analyse(text).details.favourableClass == nil)
    #expect(
      try analyse(text, parameters: ["favourable_class": .text("c")]).details.favourableClass == "c"
    )
    let unknown = try analyse(text, parameters: ["favourable_class": .text("d")])
    #expect(unknown.details.favourableClass == nil)
    #expect(unknown.details.notes.contains { $0.contains("a, b, c") })
  }

  // MARK: - Association, means, shares

  @Test func groupsThatGoTogetherWithClassesAreFound() throws {
    let found = try analyse(
      people([
        ("f", "a", 80), ("f", "b", 10), ("f", "c", 10), ("m", "a", 10), ("m", "b", 10),
        ("m", "c", 80),
      ]))
    #expect(found.details.findings.map(\.measure) == [.association])
    let association = try #require(found.details.attributes.first?.association)
    #expect(association.low > 0.5 && association.value > 0.6 && association.high < 1)
    let certain = try #require(found.details.findings.first).effect.low
    #expect(certain > 0.55 && abs(found.soundness - 100 * (1 - certain)) < 1e-3)
  }

  @Test func meansOfNumbersAreCompared() throws {
    var generator = SeededGenerator(seed: 3)
    func text(_ shift: Double) -> String {
      "gender,y\n"
        + (0..<400).map { row in
          row % 2 == 0
            ? "f,\(normal(&generator) + 50)\n" : "m,\(normal(&generator) + 50 + shift)\n"
        }.joined()
    }
    let found = try analyse(text(1))
    let finding = try #require(found.details.findings.first)
    #expect(finding.measure == .mean && finding.group == "f" && finding.comparedWith == "m")
    #expect(finding.effect.low < 1 && finding.effect.high > 1)
    // Standard deviations are 1: the correlation of groups that are as far apart as is certain.
    let certain = finding.effect.low / (finding.effect.low * finding.effect.low + 4).squareRoot()
    #expect(abs(found.soundness - 100 * (1 - certain)) < 3)
    let groups = try #require(found.details.attributes.first).groups
    #expect(abs((groups[1].median?.value ?? 0) - 51) < 0.4)
    let even = try analyse(text(0))
    #expect(even.details.findings.isEmpty)
    #expect(even.soundness == 100)
  }

  @Test func hugeNumbersDoNotDisturb() throws {
    let lines = (0..<100).map {
      "\($0 % 2 == 0 ? "f" : "m"),\($0 % 2 == 0 ? "" : "-")1.\($0)e308\n"
    }
    let found = try analyse("sex,y\n" + lines.joined() + "f,inf\nm,-inf\n")
    #expect(found.soundness >= 0 && found.soundness <= 100)
  }

  @Test func sharesAreComparedWithAReference() throws {
    let text = people([("f", "yes", 20), ("f", "no", 20), ("m", "yes", 200), ("m", "no", 200)])
    let reference = people([
      ("f", "yes", 100), ("f", "no", 100), ("m", "yes", 100), ("m", "no", 100),
    ])
    let found = try analyse(text, reference: reference)
    let finding = try #require(found.details.findings.first)
    #expect(finding.measure == .representation && finding.group == "f")
    #expect(finding.sentence.contains("50 % of the reference dataset"))
    #expect(found.soundness < 50)
    // Against an even share it is told, but costs nothing.
    let even = try analyse(text)
    #expect(even.details.findings.map(\.measure) == [.representation])
    #expect(even.soundness == 100)
  }

  /// No row of this dataset names it.
  @Test func aGroupThatIsGoneIsFound() throws {
    let text = people([("m", "yes", 100), ("m", "no", 100)])
    let reference = people([("f", "yes", 100), ("m", "no", 100)])
    let found = try analyse(text, reference: reference)
    let finding = try #require(found.details.findings.first)
    #expect(finding.measure == .representation && finding.group == "f")
    #expect(finding.effect.value == 0)
    #expect(finding.sentence.contains("0 % of the rows (0), but 50 % of the reference dataset"))
    // Spaces around a name and a fraction of zero make no other group.
    let same = try analyse(text, reference: people([(" m", "yes", 100)]))
    #expect(same.details.findings.isEmpty)
    let numbers = try analyse(
      people([("1", "yes", 100), ("2", "no", 100)]),
      reference: people([("1.0", "yes", 100), ("2.0", "no", 100)]))
    #expect(!numbers.details.findings.contains { $0.measure == .representation })
  }

  @Test func anEvenShareIsNotTheFirstThingThatIsSaid() throws {
    let text = people([("f", "yes", 20), ("f", "no", 20), ("m", "yes", 200), ("m", "no", 200)])
    #expect(
      try analyse(text).result.summary
        == "No groups of \"sex\" differ beyond chance and by a size that matters. \"f\" of \"sex\" has "
        + "9.1 % of the rows (40), where an even share is 50 %.")
  }

  // MARK: - Groups

  @Test func agesAreCutIntoBandsAndOtherNumbersIntoQuarters() throws {
    let lines = (0..<200).map { "\($0 % 100),\(Double($0) / 10),\($0 % 2)\n" }
    let found = try analyse(
      "age,income,label\n" + lines.joined(), AnalysisOptions(sensitiveColumns: ["age", "income"]))
    let ages = found.details.attributes[0]
    #expect(ages.grouping == "age_bands")
    #expect(
      ages.groups.map(\.name) == ["under 18", "18 to 24", "25 to 39", "40 to 64", "65 and over"])
    #expect(ages.groups.map(\.rows) == [36, 14, 30, 50, 70])
    let incomes = found.details.attributes[1]
    #expect(incomes.grouping == "quartiles")
    #expect(incomes.groups.map(\.rows) == [50, 50, 50, 50])
    #expect(incomes.groups.first?.name == "0.0 to 4.9")
  }

  @Test func quartilesKeepEqualNumbersTogether() throws {
    let values = Array(repeating: 5, count: 60) + Array(1...40)
    let text = "height,label\n" + values.map { "\($0),\($0 % 2)\n" }.joined()
    let found = try analyse(text, AnalysisOptions(sensitiveColumns: ["height"]))
    #expect(found.details.attributes[0].groups.map(\.rows).reduce(0, +) == 100)
    #expect(
      found.details.attributes[0].groups.count { $0.name.contains("5") && $0.rows >= 60 } == 1)
  }

  @Test func twoColumnsTogetherShowWhatNeitherDoes() throws {
    // Each column alone is even; together they decide.
    let lines = (0..<800).map { row in
      let (sex, race) = (row % 2, row / 2 % 2)
      let isYes = (row / 4) % 10 < (sex == race ? 8 : 2)
      return "\(["f", "m"][sex]),\(["p", "q"][race]),\(isYes ? "yes" : "no")\n"
    }
    let found = try analyse("sex,race,label\n" + lines.joined())
    #expect(found.details.attributes.map(\.columns) == [["sex"], ["race"], ["sex", "race"]])
    let rates = found.details.findings.filter { $0.measure == .selectionRate }
    #expect(Set(rates.map(\.columns)) == [["sex", "race"]])
    #expect(Set(rates.compactMap(\.group)) == ["f, q", "m, p"])
  }

  /// Who refuses to say belongs to no group, however they fare.
  @Test func whatStandsForAMissingValueIsNoGroup() throws {
    let found = try analyse(
      people([
        ("f", "yes", 50), ("f", "no", 50), ("m", "yes", 50), ("m", "no", 50),
        ("Unknown", "yes", 100),
      ]))
    let attribute = try #require(found.details.attributes.first)
    #expect(attribute.groups.map(\.name) == ["f", "m"])
    #expect(attribute.ungrouped == 100)
    #expect(found.details.findings.isEmpty)
    #expect(
      found.details.notes.contains("Rows with \"Unknown\" in \"sex\" belong to no group."))
  }

  @Test func groupsThatAreNumbersAreNamedWithTheirColumn() throws {
    let lines = (0..<400).map { row in
      let isYes = row / 4 % 10 < (row % 2 == 0 ? 8 : 2)
      return "\(row % 2),\(row / 2 % 2 == 0 ? "p" : "q"),\(isYes ? "yes" : "no")\n"
    }
    let found = try analyse("is_female,race,label\n" + lines.joined())
    let finding = try #require(found.details.findings.first)
    #expect(finding.group == "1")
    #expect(finding.sentence.contains("\"is_female = 1\" (40 of 200)"))
    #expect(
      found.details.attributes.last?.groups.map(\.name) == [
        "is_female = 0, p", "is_female = 0, q", "is_female = 1, p", "is_female = 1, q",
      ])
  }

  /// What is said of one column comes before what is said of two, and once.
  @Test func theChiefFindingComesFirst() throws {
    let lines = (0..<800).map { row in
      let (sex, race) = (row % 2, row / 2 % 2)
      let isYes = row / 4 % 20 < [[2, 6], [14, 18]][sex][race]
      return "\(["f", "m"][sex]),\(["p", "q"][race]),\(isYes ? "yes" : "no")\n"
    }
    let found = try analyse("sex,race,label\n" + lines.joined())
    #expect(found.details.findings.first?.columns == ["sex"])
    #expect(found.details.findings.contains { $0.columns == ["sex", "race"] })
    // Of two classes the association says no more than their rates.
    #expect(!found.details.findings.contains { $0.measure == .association })
    #expect(found.details.attributes[0].association != nil)
    #expect(found.result.summary?.contains("\"f\" (80 of 400)") == true)
  }

  @Test func ofSeveralNumbersNoneIsAnAnswer() throws {
    let lines = (0..<90).map { "\($0 % 2 == 0 ? "f" : "m"),\($0 % 3)\n" }
    #expect(try analyse("sex,label\n" + lines.joined()).details.favourableClass == nil)
  }

  // MARK: - Predictions

  @Test func ratesOfPredictionsAreCompared() throws {
    // Equal labels and equal selection, but of qualified women half are missed.
    var text = "sex,label,guess\n"
    for (sex, label, guess, count) in [
      ("f", 1, 1, 50), ("f", 1, 0, 50), ("f", 0, 1, 50), ("f", 0, 0, 50),
      ("m", 1, 1, 95), ("m", 1, 0, 5), ("m", 0, 1, 5), ("m", 0, 0, 95),
    ] { text += String(repeating: "\(sex),\(label),\(guess).0\n", count: count) }
    let found = try analyse(
      text, AnalysisOptions(labelColumn: "label", predictionColumn: "guess"))
    let gaps = try #require(found.details.attributes.first).gaps
    #expect(
      gaps.map(\.measure) == [
        .selectionRate, .predictedRate, .truePositiveRate, .falsePositiveRate,
      ])
    #expect(gaps.map(\.difference.value) == [0, 0, 0.45, 0.45])
    #expect(found.details.findings.map(\.measure) == [.truePositiveRate, .falsePositiveRate])
    #expect(found.details.findings.map(\.group) == ["f", "m"])
  }

  /// A model that gives women of the favourable class low probabilities, and men high ones.
  private func scored(_ labels: [String] = ["no", "yes"], scores: (Bool, Bool) -> String) -> String
  {
    "sex,label,score\n"
      + (0..<400).map { row in
        let (isWoman, isPositive) = (row % 2 == 0, row / 2 % 2 == 0)
        return
          "\(isWoman ? "f" : "m"),\(labels[isPositive ? 1 : 0]),\(scores(isWoman, isPositive))\n"
      }.joined()
  }

  @Test func probabilitiesArePredictionsFromAThresholdOn() throws {
    let text = scored { isWoman, isPositive in isPositive ? (isWoman ? "0.4" : "0.9") : "0.1" }
    let options = AnalysisOptions(predictionColumn: "score")
    let found = try analyse(text, options)
    #expect(found.details.notes.contains { $0.contains("the probability of \"yes\"") })
    let gaps = try #require(found.details.attributes.first).gaps
    #expect(gaps.map(\.difference.value) == [0, 0.5, 1, 0])
    #expect(found.details.findings.map(\.measure) == [.predictedRate, .truePositiveRate])
    let lower = try analyse(text, options, parameters: ["prediction_threshold": .number(0.3)])
    #expect(lower.details.findings.isEmpty)
    // Where "yes" is bad the same column is still the probability of "yes".
    let turned = try analyse(
      text.replacingOccurrences(of: "label", with: "default"),
      AnalysisOptions(labelColumn: "default", predictionColumn: "score"))
    #expect(turned.details.favourableClass == "no")
    #expect(turned.details.findings.map(\.measure) == [.predictedRate, .falsePositiveRate])
  }

  /// Labels of ones and noughts that are predicted as such are no probabilities.
  @Test func numbersThatAreClassesStayClasses() throws {
    let text = scored(["0", "1"]) { _, isPositive in isPositive ? "1.0" : "0.0" }
    let found = try analyse(text, AnalysisOptions(predictionColumn: "score"))
    #expect(!found.details.notes.contains { $0.contains("probability") })
    #expect(found.details.findings.isEmpty)
    let odd = try analyse(
      scored(["0", "1"]) { _, isPositive in isPositive ? "1" : "7" },
      AnalysisOptions(predictionColumn: "score"))
    #expect(
      odd.details.notes.contains(
        "In \"score\" 200 predictions are none of the classes, and not compared."))
  }

  /// Classes in the order of their bytes may be the other way round.
  @Test(arguments: [("0", "1"), ("false", "true"), ("False", "True")])
  func noughtsAndOnesAreTheClassesThatTheyAgreeWith(no: String, yes: String) throws {
    let text = scored(["hired", "rejected"]) { _, isSecond in isSecond ? no : yes }
    let found = try analyse(text, AnalysisOptions(predictionColumn: "score"))
    let rates = found.details.attributes.flatMap(\.groups).flatMap(\.rates)
      .filter { $0.measure == .truePositiveRate }
    #expect(!rates.isEmpty && rates.allSatisfy { $0.rate.value == 1 })
    #expect(
      found.details.notes.contains {
        $0.contains(
          "\(yes.lowercased()) is taken for \"hired\" and \(no.lowercased()) for \"rejected\"")
      })
    let same = scored(["hired", "rejected"]) { _, isSecond in isSecond ? yes : no }
    #expect(
      try analyse(same, AnalysisOptions(predictionColumn: "score")).details.notes.contains {
        $0.contains("\(yes.lowercased()) is taken for \"rejected\"")
      })
  }

  @Test func theLikeliestClassIsThePrediction() throws {
    var text = "sex,label,p_a,p_no,p_yes\n"
    for row in 0..<300 {
      let isWoman = row % 2 == 0
      let label = ["a", "no", "yes"][row / 2 % 3]
      let guess = isWoman && label == "yes" ? "no" : label
      text +=
        "\(isWoman ? "f" : "m"),\(label),"
        + ["a", "no", "yes"].map { $0 == guess ? "0.6" : "0.2" }.joined(separator: ",") + "\n"
    }
    let found = try analyse(text, AnalysisOptions(probabilityPrefix: "p_"))
    #expect(found.details.favourableClass == "yes")
    #expect(found.details.attributes.map(\.columns) == [["sex"]])
    #expect(found.details.findings.map(\.measure) == [.predictedRate, .truePositiveRate])
    #expect(found.details.findings.allSatisfy { $0.group == "f" })
    // What cannot be read as probabilities is said, and the rest is compared.
    let broken = try analyse(
      text.replacingOccurrences(of: "0.6", with: "6"), AnalysisOptions(probabilityPrefix: "p_"))
    #expect(broken.details.notes.contains { $0.contains("no predictions to compare") })
    #expect(broken.details.attributes[0].gaps.map(\.measure) == [.selectionRate])
  }

  // MARK: - Edges

  @Test(arguments: [
    "sex,label\nf,yes\n", "sex,label\nf,yes\nm,no\n", "sex\nf\nm\n", "sex,label\nf,\nm,\n",
    "age,label\n40,yes\n,no\n",
  ])
  func fewRowsAreNotJudged(text: String) throws {
    let found = try analyse(text)
    #expect(found.details.findings.isEmpty)
    #expect(found.soundness == 100)
  }

  @Test func withoutValuesThereIsNothingToDo() throws {
    let report = try Analyzer(
      options: AnalysisOptions(detectors: [.bias], sensitiveColumns: ["sex"])
    ).analyze(table("sex,label\n,yes\nNA,no\n"))
    #expect(report[.bias]?.status == .skipped)
    #expect(report.qualityScore == nil)
  }

  @Test func aColumnOfManyValuesIsBounded() throws {
    let lines = (0..<600).map { "name \($0) x,\($0 % 2)\n" }
    let found = try analyse(
      "who,label\n" + lines.joined(), AnalysisOptions(sensitiveColumns: ["who"]))
    #expect(found.details.attributes[0].groups.count == SensitiveGroups.limit)
    #expect(found.details.attributes[0].ungrouped == 500)
  }

  @Test func theLabelItselfMayBeSensitive() throws {
    let lines = (0..<100).map { "\($0),\($0 % 2 == 0 ? "f" : "m")\n" }
    let found = try analyse(
      "x,sex\n" + lines.joined(),
      AnalysisOptions(labelColumn: "sex", sensitiveColumns: ["sex"]))
    #expect(found.details.attributes[0].association == nil)
    #expect(found.details.findings.isEmpty)
  }

  @Test func moreBiasNeverRaisesSoundness() throws {
    var previous = 100.0
    for moved in stride(from: 0, through: 100, by: 5) {
      let found = try analyse(
        people([
          ("f", "yes", 100 - moved), ("f", "no", 100 + moved), ("m", "yes", 100), ("m", "no", 100),
        ]))
      #expect(found.soundness <= previous)
      previous = found.soundness
    }
    #expect(previous < 60)
  }

  @Test func theSameDataGiveTheSameReport() throws {
    let lines = (0..<300).map { "\(["f", "m", "x"][$0 % 3]),\($0 % 70),\($0 * $0 % 7 > 3)\n" }
    let text = "sex,age,label\n" + lines.joined()
    #expect(try report(text, [.bias]).json() == report(text, [.bias]).json())
  }
}
