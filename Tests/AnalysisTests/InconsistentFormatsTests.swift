import Testing

@testable import Analysis

@Suite struct InconsistentFormatsTests {
  private typealias Kind = InconsistentFormatsDetails.Kind

  private func result(
    _ text: String
  ) throws -> (flagged: [FlaggedRow], details: InconsistentFormatsDetails) {
    let result = try #require(try report(text, [.inconsistentFormats])[.inconsistentFormats])
    return (
      result.flagged.sorted { ($0.row, $0.column ?? "") < ($1.row, $1.column ?? "") },
      try #require(result.details as? InconsistentFormatsDetails)
    )
  }

  /// A column of 100 values, some of which are replaced, and what is flagged in it.
  private func flagged(
    _ replaced: [Int: String], count: Int = 100, _ value: (Int) -> String
  ) throws -> [FlaggedRow] {
    try result(columnText((0..<count).map { "\"\(replaced[$0] ?? value($0))\"" })).flagged
  }

  @Test func strayValuesInNumbersAreFlagged() throws {
    let rows = try flagged(
      [3: "12 kg", 40: "n/a yet", 41: "1,234", 42: "$5", 43: "7%", 44: "136A"], count: 200
    ) {
      "\($0 * 3)"
    }
    #expect(rows.map(\.row) == [3, 40, 41, 42, 43, 44])
    #expect(rows.map(\.suggestedValue) == ["12", nil, "1234", "5", nil, nil])
    #expect(rows[0].reason == "x is \"12 kg\", a number with \"kg\", which the others lack.")
  }

  @Test func numbersThatAreTextAreFlagged() throws {
    let (rows, details) = try result(columnText((0..<30).map { "\"$\($0 + 1),\(500 + $0).50\"" }))
    #expect(rows.count == 30)
    #expect(rows[4].suggestedValue == "5504.50")
    #expect(details.columns.map(\.kind) == [.numberAsText])
    let units = try result(columnText((0..<30).map { "\($0 * 7) cm" }))
    #expect(units.details.columns.map(\.kind) == [.numberAsText])
    #expect(units.flagged[2].suggestedValue == "14")
    // Names with numbers in them, and codes.
    #expect(try result(columnText((0..<40).map { ["\($0)st", "\($0)nd"][$0 % 2] })).flagged == [])
    #expect(try result(columnText((0..<40).map { "A\($0)" })).flagged == [])
    #expect(try result(columnText((0..<40).map { "\($0 % 4 + 1) rooms" })).flagged == [])
  }

  @Test func aRareOtherUnitIsOdd() throws {
    let weights = try flagged([50: "3000 g"]) { "\($0).2 kg" }
    #expect(weights.count == 100)
    #expect(weights[50].suggestedValue == nil)
    #expect(
      weights[50].reason == "x is \"3000 g\", a number with \"g\", where most others have \"kg\".")
    #expect(weights[50].score > weights[49].score)
    #expect(weights[49].suggestedValue == "49.2")
    let prices = try flagged([50: "€5.00"]) { "$\($0).50" }
    #expect(prices.count == 100 && prices[50].suggestedValue == nil)
    // Names with numbers in them, however rare the others are.
    #expect(
      try flagged([:]) { "\($0 + 1)" + ($0 == 0 ? "st" : $0 == 1 ? "nd" : $0 == 2 ? "rd" : "th") }
        == [])
  }

  @Test func unitsOfAnotherScaleAreNotTakenOff() throws {
    let rows = try flagged([3: "704 g", 4: "5 g"]) { "\($0 % 9 + 1).5" }
    #expect(rows.map(\.suggestedValue) == [nil, "5"])
  }

  @Test func suggestionsHaveTheColumnsDecimalMark() throws {
    let lines = (0..<40).map { "\($0 + 3),5;\($0 == 7 ? "12,25 €" : "\($0),75")" }
    let rows = try result("price;x\n" + lines.joined(separator: "\n") + "\n").flagged
    #expect(rows.map(\.suggestedValue) == ["12,25"])
    let euros = try result(
      "price;x\n" + (0..<40).map { "a\($0);1.\($0 + 100),50 €\n" }.joined()
    ).flagged
    #expect(euros.first?.suggestedValue == "1100,50")
  }

  @Test func datesTheOtherWayRoundExist() throws {
    let rows = try flagged([3: "03/31/2024", 4: "31/31/2024"]) {
      "\($0 % 28 + 1)/0\($0 % 9 + 1)/2024"
    }
    #expect(rows.map(\.row) == [3, 4])
    #expect(rows[0].reason.contains("the other way round (month first)"))
    #expect(rows[1].reason.contains("a day that does not exist"))
  }

  @Test func aCommaForThePointIsToldInWords() throws {
    let rows = try flagged([:]) { "\($0),5" }
    #expect(rows[0].reason.hasSuffix("a number that is text because of a comma for the point."))
  }

  @Test func columnsThatAreMostlyNumbersNameTheRest() throws {
    let rows = try flagged(Dictionary(uniqueKeysWithValues: (0..<10).map { ($0 * 10, "none yet") }))
    {
      "\($0 * 7)"
    }
    #expect(rows.map(\.row) == Array(stride(from: 0, to: 100, by: 10)))
  }

  @Test func spellingsOfOneClassAreFlagged() throws {
    let rows = try flagged(
      [1: "ny ", 2: "N.Y.", 3: "ny", 4: " NY", 5: "Café  Royal", 6: "cafe royal"]
    ) { $0 % 2 == 0 ? "NY" : "Café Royal" }
    #expect(rows.map(\.row) == [1, 2, 3, 4, 5, 6].filter { $0 != 0 })
    #expect(
      rows.map(\.suggestedValue) == ["NY", "NY", "NY", "NY", "Café Royal", "Café Royal"])
    #expect(rows[3].reason.contains("spaces around"))
    #expect(rows[1].reason.contains("another spelling of \"NY\""))
  }

  @Test func lettersWithAnAccentOfTheirOwnAreAnotherSpelling() throws {
    let composed = Array(repeating: "caf\u{E9}", count: 12)
    let text = "x\n" + (composed + ["cafe\u{301}", "tea", "tea"]).joined(separator: "\n") + "\n"
    let result = try #require(try report(text, [.inconsistentFormats])[.inconsistentFormats])
    #expect(result.flagged.map(\.row) == [12])
    #expect(result.flagged.first?.suggestedValue?.utf8.count == 5)
    #expect(result.flagged.first?.reason.contains("looks the same") == true)
    // However short and common they are.
    let letters = try flagged([:]) { $0 % 3 == 0 ? "a\u{308}" : "\u{E4}" }
    #expect(letters.allSatisfy { $0.suggestedValue?.utf8.count == 2 } && letters.count == 34)
  }

  @Test func differencesThatMatterAreKept() throws {
    for pair in [
      ("A-", "A+"), ("C", "C#"), ("1-10", "110"), ("<10", ">10"), ("m", "M"), ("-1x", "1x"),
      ("мой", "мои"),
    ] {
      #expect(try flagged([:]) { $0 % 2 == 0 ? pair.0 : pair.1 } == [], "\(pair)")
    }
    #expect(SpellingKey.key("no-show") == SpellingKey.key("No Show"))
    #expect(SpellingKey.key("<=50K.") == SpellingKey.key("<=50K"))
    #expect(SpellingKey.key("2 5") != SpellingKey.key("25"))
    #expect(SpellingKey.key("Ёлка") == SpellingKey.key("елка"))
  }

  @Test func aWayOfWritingIsNoFlawIfAllShareIt() throws {
    #expect(try flagged([:]) { $0 % 2 == 0 ? " Private" : " State gov" } == [])
    let rows = try flagged([7: "Private"]) { $0 % 2 == 0 ? " Private" : " State gov" }
    #expect(rows.map(\.row) == [7])
    let mixed = try flagged([:]) { $0 % 4 == 0 ? "FORCE" : "FORCE   " }
    #expect(mixed.count == 75)
    #expect(mixed.allSatisfy { $0.suggestedValue == "FORCE" })
  }

  @Test func misspellingsOfCommonClassesAreFlagged() throws {
    let rows = try flagged([5: "Califronia", 6: "Washingtn", 7: "Oregom"], count: 300) {
      ["California", "Washington", "Oregon"][$0 % 3]
    }
    #expect(rows.map(\.suggestedValue) == ["California", "Washington", "Oregon"])
    // Rare, but something else: digits, plurals, first letters, short words.
    let kept = try flagged([5: "model 2", 6: "banks", 7: "Gambia", 8: "cot"], count: 400) {
      ["model 1", "bank", "Zambia", "cat"][$0 % 4]
    }
    #expect(kept == [])
    let codes = try flagged(
      [5: "Haswell-E", 6: "inpatient ward w", 7: "Polo Grounds II"], count: 300
    ) {
      ["Haswell", "inpatient ward a", "Polo Grounds IV"][$0 % 3]
    }
    #expect(codes == [])
    // Two common classes are both meant.
    #expect(try flagged([:]) { $0 % 2 == 0 ? "Slovenia" : "Slovenja" } == [])
  }

  @Test(arguments: [
    ("abcdef", "abcdef", false), ("abcdef", "abcde", true), ("abdcef", "abcdef", true),
    ("abxdef", "abcdef", true), ("abcdefs", "abcdef", false), ("xbcdef", "abcdef", false),
    ("abxyef", "abcdef", false), ("abc1ef", "abc2ef", false), ("abccdef", "abcdef", true),
    ("aabcdef", "abcdef", true), ("abcfed", "abcdef", false), ("auto(s4)", "auto(l4)", false),
    ("san fransisco", "san francisco", true),
  ])
  func oneEditIsATypo(rare: String, common: String, isTypo: Bool) {
    #expect(SpellingVariants.isTypo(Array(rare.utf8), of: Array(common.utf8)) == isTypo)
  }

  @Test func datesInOtherFormatsAreFlagged() throws {
    let rows = try flagged(
      [3: "25.12.2021", 4: "2021/12/26", 5: "04/05/2021", 6: "2021-12-27 10:30"]
    ) { "20\(10 + $0 / 10)-0\($0 % 9 + 1)-1\($0 % 10)" }
    #expect(rows.map(\.row) == [3, 4, 5, 6])
    #expect(rows.map(\.suggestedValue) == ["2021-12-25", "2021-12-26", nil, nil])
    // One digit or two is no other format.
    #expect(try flagged([:]) { "\($0 % 12 + 1)/\($0 % 28 + 1)/2020" } == [])
  }

  @Test func templatesFollowTheColumn() throws {
    let rows = try flagged([3: "2021-12-05"]) { "\($0 % 12 + 1)/\($0 % 28 + 1)/2020" }
    #expect(rows.map(\.suggestedValue) == ["12/5/2021"])
    let padded = try flagged([3: "2020-12-05"]) {
      "\($0 % 28 < 9 ? "0" : "")\($0 % 28 + 1).0\($0 % 9 + 1).2020"
    }
    #expect(padded.map(\.suggestedValue) == ["05.12.2020"])
  }

  @Test func impossibleAndFarDatesAreFlagged() throws {
    let rows = try flagged([3: "2021-02-30", 4: "1900-01-01", 5: "2221-05-05", 6: "soon"]) {
      "2021-0\($0 % 9 + 1)-1\($0 % 10)"
    }
    #expect(rows.map(\.row) == [3, 4, 5, 6])
    #expect(rows[0].reason.contains("does not exist"))
    #expect(rows[1].reason.contains("far before"))
    #expect(rows[2].reason.contains("far after"))
    #expect(rows[3].reason.contains("are dates"))
    // A long thin tail is none of it.
    #expect(try flagged([:]) { "\(2020 - $0 * $0 / 100)-05-17" } == [])
  }

  @Test func wrongEncodingIsMended() throws {
    let rows = try flagged([
      3: "CafÃ©", 4: "itâ€™s", 5: "a\u{FFFD}b", 6: "a\u{0}b".filter { $0 != "\u{0}" },
    ]) { $0 % 2 == 0 ? "Café" : "Crème brûlée" }
    #expect(rows.map(\.row) == [3, 4, 5])
    #expect(rows.map(\.suggestedValue) == ["Café", "it’s", nil])
    #expect(TextDamage.mended("Café") == nil)
    #expect(TextDamage.mended("plain") == nil)
    #expect(TextDamage.issue(Array("Children\u{92}s".utf8)[...])?.suggestion == "Children’s")
    #expect(TextDamage.mended("Ã¼ber â‚¬5") == "über €5")
    #expect(TextDamage.mended("日本") == nil)
  }

  @Test func invisibleCharactersAreFlagged() throws {
    let rows = try flagged([3: "No\u{200B}rth", 4: "So\u{8}uth"]) {
      $0 % 2 == 0 ? "North" : "South"
    }
    #expect(rows.map(\.suggestedValue) == ["North", "South"])
    #expect(TextDamage.issue(Array("tab\there\n".utf8)[...]) == nil)
    #expect(TextDamage.issue(Array("👩‍👧 ok".utf8)[...]) == nil)
  }

  @Test(
    arguments: [
      ("$1,234.50", "1234.50"), ("-$5", "-5"), ("(300)", "-300"), ("12 kg", "12"),
      ("1'000", "1000"),
      ("3,5", "3.5"), ("€ 1,000,000", "1000000"), ("5 EUR", "5"), ("12", nil), ("1,23,4", nil),
      ("12-15", nil), ("1.2.3", nil), ("10:30", nil), ("abc", nil), ("$", nil), ("5,", nil),
      ("12 kilograms", nil), ("1.5,0", nil), ("", nil),
    ] as [(String, String?)])
  func decoratedNumbersAreRead(text: String, plain: String?) {
    #expect(DecoratedNumber(Array(text.utf8)[...])?.plain == plain)
  }

  @Test func shippedDataAndProseAreQuiet() throws {
    let report = try Analyzer(options: AnalysisOptions(detectors: [.inconsistentFormats]))
      .analyze(table(bytes: Wine.bytes))
    #expect(report[.inconsistentFormats]?.flaggedCount == 0)
    #expect(report.qualityScore == 100)
    #expect(try flagged([:]) { "It costs \($0) or more, I think; see page \($0). " } == [])
  }

  @Test func moreFlawsNeverRaiseTheScore() throws {
    let scores = try [0, 5, 10, 20].map { count in
      let values = (0..<100).map { $0 < count ? "north " : ["North", "South"][$0 % 2] }
      return try #require(try report(columnText(values), [.inconsistentFormats]).qualityScore)
    }
    #expect(scores == [100, 95, 90, 80])
  }

  @Test func edgesDoNotCrash() throws {
    #expect(try result("a\n1\n").flagged == [])
    #expect(try result("a,b\n,\n,\n").flagged == [])
    #expect(try flagged([:], count: 30) { _ in "0001-01-01" } == [])
    #expect(
      try flagged([:], count: 60) { ["a", ".", "..", "_", "- -", "\u{A0}x"][$0 % 6] }.count == 10)
  }

  @Test func daysAreNamedBackAndForth() {
    for days in stride(from: -719_162, to: 2_932_896, by: 997) {
      let date = CivilDay.date(daysSince1970: days)
      #expect(
        CivilDay.daysSince1970(year: date.year, month: date.month, day: date.day) == days)
    }
  }
}
