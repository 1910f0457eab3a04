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
    let thousands = try result(columnText((0..<30).map { "\"\($0 + 1),\(500 + $0).50\"" }))
    #expect(thousands.flagged.map(\.suggestedValue) == (0..<30).map { "\($0 + 1)\(500 + $0).50" })
    #expect(thousands.details.columns.map(\.kind) == [.numberAsText])
    #expect(
      thousands.flagged[0].reason
        == "x is \"1,500.50\", a number that other programs take for text because of commas.")
    let few = try result(
      columnText((0..<60).map { $0 % 20 == 7 ? "\"\($0),500.25\"" : "\($0).5" }))
    #expect(few.flagged.map(\.row) == [7, 27, 47])
    #expect(few.details.columns.map(\.kind) == [.mixedType])
    #expect(try result("x;z\n" + (0..<30).map { "1.\(100 + $0),5;a\n" }.joined()).flagged == [])
    // Row numbers, too.
    let numbers = (0..<30).map { "1'\(100 + $0)" }
    #expect(try result("x;z\n" + numbers.map { "\($0);a\n" }.joined()).flagged == [])
    #expect(try result(columnText(numbers)).flagged.map(\.suggestedValue)[29] == "1129")
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

  @Test(
    arguments: [
      ("1.234,50", "1234.50"), ("12.345.678", "12345678"), ("1\u{A0}234,5", "1234.5"),
      ("1\u{202F}234", "1234"), ("1 234,5", "1234.5"), ("1 234", "1234"), ("1'234.50", "1234.50"),
      ("1\u{2019}234", "1234"), ("3,5", "3.5"), ("-1.234,50", "-1234.50"), ("1,234.50", "1234.50"),
    ])
  func numbersInOtherWritingAreSuggestedAmongPlainOnes(text: String, plain: String) throws {
    for share in [1, 15] {
      let others = Dictionary(uniqueKeysWithValues: (0..<share).map { ($0 * 6, text) })
      let rows = try flagged(others) { "\($0 * 71 + 3).5" }
      #expect(rows.map(\.suggestedValue) == Array(repeating: plain, count: share), "\(text)")
      #expect(rows.allSatisfy { $0.reason.contains("a number with") })
    }
  }

  @Test func wholeColumnsInOtherWritingAreNumbersAsText() throws {
    let writings: [((Int) -> String, (Int) -> String)] = [
      ({ "\($0 + 1).\(500 + $0),25" }, { "\($0 + 1)\(500 + $0).25" }),
      ({ "\($0 + 1)\u{A0}\(500 + $0)" }, { "\($0 + 1)\(500 + $0)" }),
      ({ "\($0 + 1) \(500 + $0)" }, { "\($0 + 1)\(500 + $0)" }),
      ({ "\($0 + 1).\(500 + $0).000" }, { "\($0 + 1)\(500 + $0)000" }),
      // A comma before the fraction elsewhere: here, too.
      ({ $0 % 2 == 0 ? "\($0),5" : "\($0),125" }, { $0 % 2 == 0 ? "\($0).5" : "\($0).125" }),
    ]
    for (write, plain) in writings {
      let rows = try flagged([:], count: 60, write)
      #expect(rows.map(\.suggestedValue) == (0..<60).map(plain), "\(write(3))")
    }
  }

  @Test func whatMayBeAnotherNumberIsNotSuggested() throws {
    // All of them may be fractions.
    let open = try flagged([:]) { "\($0 + 1),\(500 + $0)" }
    #expect(open.count == 100 && open.allSatisfy { $0.suggestedValue == nil })
    #expect(open[0].reason.contains("may set thousands off or stand for the point"))
    // Plain decimals stay what they are.
    #expect(try flagged([:]) { "\($0 + 1).\(500 + $0)" } == [])
    #expect(try flagged([3: "1.234"]) { "\($0).5" } == [])
    // Far beyond the others as thousands.
    #expect(try flagged([3: "1,234"]) { "\($0 % 7).25" }.map(\.suggestedValue) == [nil])
    // Numbers of telephones, and addresses of computers.
    #expect(try flagged([:]) { "777 \(100 + $0) \(900 - $0)" } == [])
    #expect(try flagged([:]) { "+49 170 \(100 + $0) \(900 - $0)" } == [])
    #expect(try flagged([:]) { "10.100.200.\(100 + $0)" } == [])
    // Weights with three decimals, and thousands of them.
    let weights = try flagged([:]) { "\($0 + 1).\(500 + $0) kg" }
    #expect(weights.allSatisfy { $0.suggestedValue == nil })
  }

  @Test func wordsForTrueAndFalseOfTwoKindsAreFlagged() throws {
    let rows = try flagged([3: "true", 4: "False", 5: "1", 6: "0", 7: "y"]) {
      $0 % 2 == 0 ? "Yes" : "No"
    }
    #expect(rows.map(\.row) == [3, 4, 5, 6, 7])
    #expect(rows.map(\.suggestedValue) == ["Yes", "No", "Yes", "No", "Yes"])
    #expect(rows[0].reason == "x is \"true\", another word for \"Yes\", which 48 rows have.")
    // Among 0 and 1, too, which are numbers.
    for count in [2, 30] {
      let words = Dictionary(
        uniqueKeysWithValues: (0..<count).map { ($0, $0 % 2 == 0 ? "yes" : "no") })
      let mixed = try flagged(words) { "\($0 / 2 % 2)" }
      #expect(mixed.map(\.suggestedValue) == (0..<count).map { $0 % 2 == 0 ? "1" : "0" })
    }
  }

  @Test func wordsThatAreClassesAreNoBooleans() throws {
    for classes in [
      ["yes", "no", "maybe"], ["y", "n", "f"], ["t", "f", "n"], ["1", "0", "2"],
      ["yes", "no", "0"],
      ["f", "m", "t"], ["true", "yes"], ["Yes", "No"], ["TRUE", "FALSE"], ["true", "false", "n"],
    ] {
      #expect(try flagged([:]) { classes[$0 % classes.count] } == [], "\(classes)")
    }
  }

  @Test func datesThatContradictEachOtherAreFlagged() throws {
    let few = try result("when,z\n13/02/2024,a\n02/13/2024,b\n05/04/2024,c\n25/12/2023,d\n")
    #expect(few.flagged.map(\.row) == [1])
    #expect(few.flagged[0].suggestedValue == "13/02/2024")
    #expect(
      few.flagged[0].reason
        == "when is \"02/13/2024\", a date written the other way round (month first) than most others "
        + "that tell.")
    for share in [6, 30] {
      let others = Dictionary(
        uniqueKeysWithValues: (0..<share).map { ($0, "\($0 % 9 + 13)/3/2024 10:30") })
      let rows = try flagged(others) { "\($0 % 12 + 1)/\($0 % 28 + 1)/2023" }
      #expect(rows.filter { $0.reason.contains("other way round (day first)") }.count == share)
    }
    #expect(DayOrders.turned(Array(" 3/31/2024, 2:05 PM".utf8)[...]) == "31/3/2024, 2:05 PM")
    // One order suffices for all.
    #expect(try flagged([:]) { "\($0 % 28 + 1)/\($0 % 12 + 1)/2023" } == [])
    #expect(try flagged([:]) { "2023-\($0 % 3 + 10)-\($0 % 19 + 10)" } == [])
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
    // What others are called so often is a word.
    let media = try flagged([5: "Paint on paper", 6: "Pront on paper"], count: 300) {
      ["Print on paper", "Paint on canvas", "Oil paint on wood"][$0 % 3]
    }
    #expect(media.map(\.suggestedValue) == ["Print on paper"] && media.map(\.row) == [6])
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
    let word = SpellingVariants.misspelt(Array(rare.utf8), of: Array(common.utf8))
    #expect((word != nil) == isTypo)
    if isTypo { #expect(rare.split(separator: " ").contains { $0.utf8.elementsEqual(word ?? []) }) }
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
