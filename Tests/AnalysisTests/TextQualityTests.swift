import Foundation
import Testing

@testable import Analysis

@Suite struct TextQualityTests {
  /// Sentences of which no two are alike, each with a closing stop.
  private static func prose(_ count: Int) -> [String] {
    let who = [
      "The engineer", "My neighbour", "A student", "Our teacher", "The old captain", "Her sister",
    ]
    let did = ["repaired", "painted", "described", "measured", "borrowed", "photographed", "sold"]
    let what = [
      "the wooden boat", "a small engine", "the garden wall", "an early map", "that red bicycle",
    ]
    let when = [
      "before the rain began in the evening", "while we were waiting for the bus",
      "because it was too heavy to carry", "and then went home with a smile",
    ]
    return (0..<count).map { number in
      "\(who[number % 6]) \(did[number % 7]) \(what[number % 5]) \(when[number % 4]), case number \(number)."
    }
  }

  private func csv(_ columns: [(name: String, values: [String])]) -> String {
    func quoted(_ text: String) -> String {
      "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
    let header = columns.map { quoted($0.name) }.joined(separator: ",")
    let rows = (0..<columns[0].values.count).map { row in
      columns.map { quoted($0.values[row]) }.joined(separator: ",")
    }
    return ([header] + rows).joined(separator: "\n") + "\n"
  }

  private func analyse(
    _ columns: [(name: String, values: [String])], _ parameters: [String: ParameterValue] = [:]
  ) throws -> (result: DetectorResult, details: TextQualityDetails, soundness: Double) {
    let options = AnalysisOptions(
      detectors: [.textQuality], parameters: [.textQuality: parameters])
    let report = try Analyzer(options: options).analyze(table(csv(columns)))
    let result = try #require(report[.textQuality])
    return (
      result, try #require(result.details as? TextQualityDetails),
      try #require(report.qualityScore)
    )
  }

  /// The flaws of one text among sixty sound ones in a column.
  private func flaws(_ text: String, in column: String = "text") throws -> [TextFlaw] {
    var values = Self.prose(60)
    values[30] = text
    var columns = [(column, values)]
    if column == "response" {
      columns.insert(("prompt", (0..<60).map { "What is case \($0) about, and why?" }), at: 0)
    }
    let found = try analyse(columns)
    #expect(found.result.flagged.allSatisfy { $0.row == 30 })
    return try #require(found.details.columns.last).flaws.map(\.flaw)
  }

  // MARK: - Clean data

  @Test func soundTextsAreQuiet() throws {
    let found = try analyse([
      ("instruction", (0..<200).map { "Tell me about case number \($0), in one sentence." }),
      ("response", Self.prose(200)),
    ])
    #expect(found.result.flaggedCount == 0)
    #expect(found.soundness == 100)
    #expect(found.details.columns.map(\.role) == [.prompt, .response])
    #expect(found.details.columns[1].language == "English")
    #expect(found.details.columns[1].closedShare == 1)
    #expect(found.details.pairs.map(\.rows) == [200])
  }

  @Test func columnsWithoutWordsAreNotLookedAt() throws {
    let rows = (0..<30).map { "\($0),\($0 * 7 % 13).5\n" }
    let report = try report("id,x\n" + rows.joined(), [.textQuality])
    #expect(report[.textQuality]?.status == .skipped)
    #expect(report.qualityScore == nil)
  }

  // MARK: - Roles

  @Test func rolesComeFromWholeWordsOfNames() throws {
    let texts = Self.prose(40)
    let found = try analyse([
      ("user_prompt", texts), ("modelResponse", texts.reversed()), ("doc_chunk", texts),
      ("inputs", texts), ("contextual", texts), ("question_type", (0..<40).map { "kind\($0 % 3)" }),
    ])
    #expect(
      found.details.columns.map(\.role) == [.prompt, .response, .passage, .text, .text])
    #expect(found.details.searchedColumns == ["question_type"])
    #expect(found.details.pairs.map(\.prompt) == ["user_prompt"])
  }

  @Test func withoutAnswersNothingIsAsked() throws {
    #expect(try analyse([("question", Self.prose(40))]).details.pairs.isEmpty)
  }

  // MARK: - Flaws of a text

  @Test(arguments: [
    "I'm sorry, but I can't help with that.",
    "I’m sorry, but as an AI language model, I cannot say.",
    "As an AI language model, I do not have opinions about this.",
    "I cannot assist with that request, since it may do harm.",
    "Unfortunately, I am unable to access the internet from here.",
    "  \"Sorry, I can't do that for you right now.\"",
    "I apologize, but I cannot fulfill this request.",
    "I'm afraid I can't answer questions of that kind.",
    "Es tut mir leid, aber ich kann das nicht beantworten.",
    "I MUST DECLINE to answer that question here.",
    "I'm just a language model, so I can't do that.",
    "Sorry, but I'm not allowed to talk about that.",
    "It would not be appropriate for me to answer that.",
    "That goes against my guidelines, so I won't write it.",
    "I don't feel comfortable writing that.",
    "I won't be able to help you with this one.",
    "I cannot and will not provide instructions for that.",
    "I'm not comfortable helping with this request.",
    "I'm not comfortable providing that kind of text.",
    "Es tut mir leid, aber dabei kann ich nicht helfen.",
    "抱歉，我无法回答这个问题。",
    "抱歉，我不能提供这样的内容。",
    "申し訳ありませんが、そのご質問にはお答えできません。",
    "申し訳ありませんが、それについてはお手伝いできません。",
  ])
  func refusalsAreFound(text: String) throws {
    #expect(try flaws(text, in: "response").contains(.refusal))
  }

  @Test(arguments: [
    "I can't help but smile whenever I see the boat in the harbour.",
    "I'm sorry for your loss, and hope that the days ahead are kinder.",
    "Sorry to say, the engine was beyond repair when we found it.",
    "I cannot wait for the spring, when the garden wall is painted.",
    "Unfortunately the map was lost in the fire of the old library.",
    "He said that as a captain he would never sell the wooden boat.",
  ])
  func thoseWhoAreSorryDoNotRefuse(text: String) throws {
    #expect(try flaws(text, in: "response") == [])
  }

  @Test func aSentenceThatIsRepeatedOnOneLineIsRepetition() throws {
    let sentence = "The old boat lay in the harbour until the spring came back again. "
    #expect(try flaws(String(repeating: sentence, count: 8)).contains(.repetition))
  }

  @Test func customersMayBeSorry() throws {
    #expect(try flaws("I'm sorry, but I can't recommend this coffee to anyone at all.") == [])
    #expect(try flaws("As an AI language model, I cannot taste this coffee for you.") == [.refusal])
  }

  @Test(arguments: [
    ("Here is the code that you asked for:\n```python\nprint(1)\n", true),
    ("Here is the code that you asked for:\n~~~ python ~\nprint(1)\n~~\n", true),
    ("Here is the code that you asked for:\n~~~python\nprint(1)\n~~~\n", false),
    (
      "Here is the code that you asked for:\n```python\nprint(1)\n```\nThat is all there is.", false
    ),
    ("Here is the code that you asked for:\n````\n```\n````\nThat is all there is.", false),
    ("Here is the code that you asked for:\n````\nx\n```\nThat is all there is.", true),
    ("Use ```inline``` fences in a line, as nobody should do.", false),
    ("````````````````", true), ("```\n```\n```", true),
  ])
  func fencesMustClose(text: String, isOpen: Bool) throws {
    #expect(try flaws(text).contains(.codeFence) == isOpen)
  }

  @Test func loopsAreFound() throws {
    let loop = String(repeating: "I think that it is so. ", count: 12)
    #expect(try flaws(loop).contains(.repetition))
    let lines =
      "The list of the parts:\n" + String(repeating: "one more bolt\n", count: 8) + "Done."
    #expect(try flaws(lines).contains(.repetition))
    #expect(
      try flaws(
        "The sea, the sea! We saw the sea at last, and the sea was as blue as the sea can be.")
        == [])
  }

  @Test(arguments: [
    "The cafÃ© by the harbour was painted in the summer.",
    "Itâ€™s the captain who sold the boat to us.",
    "The caf\u{FFFD} by the harbour was painted in the summer.",
    "The boat was\u{1}sold in the summer of that year.",
    "The boat was sold in\u{202E} the summer of that year.",
    "Ð¿Ñ€Ð¸Ð²ÐµÑ‚ is what the captain said to us all.",
    "The boat\u{7F} was sold in the summer of that year.",
  ])
  func brokenEncodingIsFound(text: String) throws {
    #expect(try flaws(text).contains(.encoding))
  }

  @Test(arguments: [
    "The café by the harbour was naïve enough to sell für ten pounds.",
    "Ångström and Çelik saw the São Paulo harbour, and it was «CAFÉ».",
    "The boat 👩‍👩‍👧 was sold 🏴󠁧󠁢󠁥󠁮󠁧󠁿 in the summer ☀️ of that year 👍🏽.",
    "e\u{301}te\u{301} is how the captain writes it, with marks of their own.",
    "NÃO is what the captain shouted when the boat was sold.",
  ])
  func soundEncodingIsLeft(text: String) throws {
    #expect(try flaws(text) == [])
  }

  @Test(arguments: [
    ("The boat<br /><br />was sold in the summer of that year.", true),
    ("The boat &amp; the map were sold in the summer.", true),
    ("Use `<b>` and `</b>` to make a text stand out in a page.", false),
    ("We found that a < b and c > d in nearly all of the cases.", false),
    ("Lorem ipsum dolor sit amet, as nobody has ever said.", true),
    ("AT&T; and others sold the boat in the summer of that year.", false),
    ("```\n<p>x</p>\n```\nThat is how a paragraph is written.", false),
  ])
  func leftoversOfPagesAreFound(text: String, isFound: Bool) throws {
    #expect(try flaws(text).contains(.markup) == isFound)
  }

  @Test func menusArePartOfNoPassage() throws {
    let text = "Read our privacy policy. All rights reserved by the harbour office of the town."
    #expect(try flaws(text, in: "chunk") == [.markup])
    #expect(try flaws(text) == [])
  }

  /// Titles that many rows have are no texts that were all cut at one length.
  @Test func aRepeatedTextIsNotCut() throws {
    let title = "Share of patients who reported that their doctors listened carefully to them"
    let others = ["Share of patients who waited less than a week", "Patients who were called back"]
    let texts = (0..<60).map { $0 % 2 == 0 ? title : others[$0 % 4 / 2] }
    #expect(try analyse([("title", texts)]).result.flaggedCount == 0)
  }

  @Test func personalDataAreNeverRepeated() throws {
    let secrets = [
      "jane.doe@acme.com", "4111111111111111", "+49 30 90182012", "DE89370400440532013000",
    ]
    var texts = Self.prose(60)
    texts[3] = "Write to \(secrets[0]) or call \(secrets[2]) before the end of the week."
    texts[9] = "He paid with \(secrets[1]) from \(secrets[3]) before the end of the week."
    let report = try Analyzer(options: AnalysisOptions(detectors: [.textQuality]))
      .analyze(table(csv([("text", texts), ("name", (0..<60).map { "n\($0 % 7)" })])))
    let result = try #require(report[.textQuality])
    #expect(result.flagged.map(\.row).sorted() == [3, 9])
    #expect(result.flagged[0].reason.contains("a payment card number (…1111)"))
    let json = String(decoding: try report.json(), as: UTF8.self)
    for secret in secrets { #expect(!json.contains(secret)) }
  }

  @Test func columnsOfPersonalDataAreSaidOnce() throws {
    let found = try analyse([
      ("contact", (0..<50).map { "user\($0)@acme.com" }),
      ("kind", (0..<50).map { $0 == 7 ? "bob@acme.com" : "k\($0 % 3)" }),
    ])
    #expect(found.result.flagged.map(\.row) == [7])
    #expect(found.details.personalColumns.map(\.column) == ["contact"])
    #expect(found.details.personalColumns.map(\.rows) == [50])
  }

  @Test func personalDataCanBeLeft() throws {
    let texts = Self.prose(40) + ["Write to bob@acme.com, key AKIAIOSFODNN7EXAMPLE, today."]
    func count(_ word: String) throws -> [TextFlaw] {
      try analyse([("text", texts)], ["personal_data": .text(word)]).details.flaws.map(\.flaw)
    }
    #expect(try count("all") == [.email, .secret])
    #expect(try count("keys") == [.secret])
    #expect(try count("none") == [])
  }

  // MARK: - What is unusual in its column

  @Test func lengthsFarFromTheOthersAreFound() throws {
    #expect(try flaws("Yes.") == [.tooShort])
    let long = Self.prose(400).joined(separator: " ")
    #expect(try flaws(long) == [.tooLong])
    let found = try analyse(
      [("passage", Self.prose(40))], ["maximum_characters": .number(60)])
    #expect(found.result.flaggedCount == 40)
  }

  @Test func emptyResponsesAreFound() throws {
    var answers = Self.prose(60)
    answers[4] = ""
    answers[5] = "..."
    let prompts = (0..<60).map { "What is case \($0) about, and why is it so?" }
    let found = try analyse([("prompt", prompts), ("output", answers)])
    #expect(Set(found.result.flagged.map(\.row)) == [4, 5])
    #expect(found.details.flaws.first { $0.flaw == .empty }?.rows == 2)
    // In other columns a missing text is no business of this detector.
    answers[5] = answers[6]
    #expect(try analyse([("text", answers)]).result.flaggedCount == 0)
    // Not even one answer, and a column that is not used.
    let none = [String](repeating: "", count: 60)
    let hollow = try analyse([("instruction", prompts), ("input", none), ("response", none)])
    #expect(hollow.result.flaggedCount == 60)
    #expect(hollow.soundness == 0)
    #expect(hollow.details.columns.map(\.column) == ["instruction", "response"])
  }

  @Test(arguments: [
    "The engineer repaired the wooden boat before the rain and the",
    "The engineer repaired the wooden boat, the engine, the map,",
    "The engineer repaired the wooden boat before the rain began (",
    "The engineer repaired the wooden boat and then photog",
  ])
  func cutTextsAreFound(text: String) throws {
    #expect(try flaws(text) == [.truncated])
  }

  @Test func endingsAreJudgedByTheColumnsHabit() throws {
    // Among texts that all end in a stop, one without is unusual.
    var texts = Self.prose(300)
    texts[8] = "The engineer repaired the wooden boat before the rain began"
    let found = try analyse([("text", texts)])
    #expect(found.result.flagged.map(\.row) == [8])
    #expect(found.result.flagged[0].score < 0.5)
    // Titles end as they like.
    let titles = Self.prose(300).map { String($0.dropLast()) }
    #expect(try analyse([("text", titles)]).result.flaggedCount == 0)
  }

  /// Its question mark takes two bytes, as letters do, and its comma is another.
  @Test func arabicPunctuationClosesTextsAndItsCommaDoesNot() throws {
    var texts = (0..<60).map {
      "اشترى الرجل العجوز رقم \($0) قاربا خشبيا قبل بداية المطر في المساء"
    }
    .enumerated().map { $0 % 30 == 7 ? $1 + "؟" : $1 + "." }
    #expect(try analyse([("text", texts)]).result.flaggedCount == 0)
    texts[20] = String(texts[20].dropLast()) + "،"
    let found = try analyse([("text", texts)])
    #expect(found.result.flagged.map(\.row) == [20])
    #expect(found.result.flagged.first?.reason.contains("ends in a comma") == true)
  }

  @Test func textsCutAtOneLengthAreFound() throws {
    let texts = Self.prose(80).enumerated().map { row, text in
      row % 4 == 0 ? String((text + " " + text + text + text).prefix(150)) + "x" : text
    }
    let found = try analyse([("text", texts)])
    #expect(found.result.flagged.map(\.row).sorted() == stride(from: 0, to: 80, by: 4).map { $0 })
    #expect(found.result.flagged.allSatisfy { $0.reason.contains("151 characters") })
  }

  @Test(arguments: [
    (
      "Der alte Kapitän hat das Boot nicht verkauft, weil er es noch für die Fahrt mit der Familie braucht.",
      "German"
    ),
    (
      "Le vieux capitaine ne vend pas son bateau, parce que les enfants sont sur la plage et il est tard.",
      "French"
    ),
    (
      "El viejo capitán no vende el barco porque es de su familia y todo el mundo está muy contento con él.",
      "Spanish"
    ),
    (
      "Stary kapitan nie sprzedał swojej łodzi, bo to jest dla niego bardzo ważne, ale może już za rok się zgodzi.",
      "Polish"
    ),
    ("Старый капитан не продал свою лодку, потому что она ему очень нужна.", "Cyrillic"),
    ("老船长没有卖掉他的船，因为他的家人还需要它。", "Chinese"),
  ])
  func otherLanguagesAreFound(text: String, language: String) throws {
    var texts = Self.prose(60)
    texts[30] = text
    let found = try analyse([("text", texts)])
    #expect(found.result.flagged.map(\.row) == [30])
    #expect(found.result.flagged.first?.reason.contains(language) == true)
  }

  @Test func twoLanguagesSideBySideAreNoFlaw() throws {
    let german = (0..<60).map {
      "Der alte Kapitän hat das Boot nicht verkauft, weil er es noch für die Fahrt \($0) mit der Familie braucht."
    }
    let found = try analyse([("text", Self.prose(60) + german)])
    #expect(!found.details.flaws.contains { $0.flaw == .language })
  }

  // MARK: - Pairs

  @Test func echoesOfThePromptAreFound() throws {
    let prompts = (0..<60).map {
      "Please describe in some detail how the harbour of town \($0) was built."
    }
    var answers = Self.prose(60)
    answers[10] = prompts[10] + " It was built of stone."
    answers[20] = prompts[20]
    answers[30] = "The harbour of town 30 was built of stone."
    let found = try analyse([("prompt", prompts), ("completion", answers)])
    #expect(found.result.flagged.map(\.row).sorted() == [10, 20])
    #expect(found.details.flaws.map(\.flaw) == [.echo])
  }

  @Test func promptsWithSeveralAnswersAreCounted() throws {
    var prompts = (0..<60).map { "What is the story of the case with the number \($0)?" }
    prompts[1] = prompts[0]
    prompts[2] = prompts[0]
    prompts[4] = prompts[3]
    var answers = Self.prose(60)
    answers[4] = answers[3]
    let pair = try #require(
      try analyse([("question", prompts), ("answer", answers)]).details.pairs.first)
    #expect(pair.promptsWithSeveralResponses == 1)
    #expect(pair.rowsOfThem == 3)
  }

  // MARK: - Edges

  @Test func oneRowIsEnough() throws {
    let found = try analyse([
      ("prompt", ["How do I bake a loaf of bread at home?"]),
      ("response", ["I'm sorry, but I can't help with that."]),
    ])
    #expect(found.result.flagged.map(\.row) == [0])
    #expect(found.soundness == 0)
    #expect(found.details.columns.map(\.texts) == [1, 1])
  }

  @Test func hugeTextsAreRead() throws {
    let lines = (0..<15_000).map { "line \($0) `a` <b> &x (\($0 * 7919 % 10_007)) a@b \"q\"" }
    let backticks = String(repeating: "` `` ", count: 40_000)
    let found = try analyse([
      ("text", Self.prose(30) + [lines.joined(separator: "\n"), backticks])
    ])
    #expect(found.details.columns[0].texts == 32)
  }

  @Test func moreDamageNeverRaisesSoundness() throws {
    let damages: [(Int) -> String] = [
      { "I'm sorry, but I can't help with case \($0)." },
      { "Write to user\($0)@acme.com before the end of the week, please." },
      { "The cafÃ© number \($0) by the harbour was painted in the summer." },
      { "The boat<br /><br />was sold in the summer of year \($0)." },
      { "Case \($0):\n```\nprint(1)\n" },
      { "So it is \($0). " + String(repeating: "I think that it is so. ", count: 12) },
      {
        "Der Kapitän hat das Boot nicht verkauft, weil er es noch für die Fahrt \($0) mit der Familie braucht."
      },
      { "The engineer repaired boat \($0) before the rain and the" },
      { _ in "" }, { "\($0)" },
    ]
    for damage in damages {
      var previous = 100.0
      for count in stride(from: 0, through: 80, by: 10) {
        var answers = Self.prose(80)
        for row in 0..<count { answers[row] = damage(row) }
        let found = try analyse([
          ("prompt", (0..<80).map { "What is case \($0) about, and why is it so?" }),
          ("response", answers),
        ])
        #expect(found.soundness <= previous)
        previous = found.soundness
      }
    }
  }

  @Test func theSameTextsGiveTheSameReport() throws {
    var texts = Self.prose(100)
    texts[4] = "Write to bob@acme.com or ann@acme.org before the end of the week"
    texts[5] = "I think so. I think so. "
    let text = csv([("text", texts), ("response", texts.reversed())])
    #expect(try report(text, [.textQuality]).json() == report(text, [.textQuality]).json())
  }

  @Test func itStopsWhenCancelled() throws {
    let table = try table(csv([("text", Self.prose(2_000))]))
    var asked = 0
    #expect(throws: AnalysisCancelled.self) {
      try Analyzer(options: AnalysisOptions(detectors: [.textQuality])).analyze(
        table,
        isCancelled: {
          asked += 1
          return asked > 3
        })
    }
  }

  @Test func namesHaveAnyLengthAndEnding() throws {
    var names = (0..<60).map { "Item \($0 * 37 % 59)" }
    names[3] = "A thing of a name that is much longer than those of all the others and"
    #expect(try analyse([("name", names)]).result.flagged.isEmpty)
    // Of few answers one may be long.
    var answers = (0..<200).map { ["own", "rent", "parents"][$0 % 3] }
    answers[9] = "I live in a boat on the river with my dog and a friend of mine"
    #expect(try analyse([("housing", answers)]).result.flagged.isEmpty)
  }

  @Test func answersThatEndWithinASentenceAreFoundAmongSome() throws {
    var answers = Self.prose(100)
    for row in 0..<6 { answers[row * 10] = String(answers[row * 10].dropLast(18)) }
    let found = try analyse([("response", answers)]).result.flagged
    #expect(Set(found.map(\.row)) == Set((0..<6).map { $0 * 10 }))
  }
}
