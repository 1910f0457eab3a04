import Testing

@testable import Analysis

/// Texts of scripts that put no spaces between words.
@Suite struct UnspacedScriptTests {
  private static let chinese = (
    good: ["很好", "喜欢", "满意", "推荐", "优秀", "完美", "舒服", "漂亮"],
    bad: ["很差", "失望", "糟糕", "退货", "难用", "破损", "后悔", "垃圾"],
    other: [
      "这个", "产品", "质量", "快递", "包装", "客服", "价格", "东西", "我们", "今天", "买的", "收到", "使用", "感觉", "颜色",
      "尺寸",
      "机器", "学习", "数据", "模型", "城市", "天气", "朋友", "音乐", "电影", "书籍", "学校",
    ]
  )
  private static let japanese = (
    good: ["良いです", "最高でした", "満足です", "好きです"], bad: ["悪いです", "最低でした", "不満です", "嫌いです"],
    other: ["この商品は", "とても", "本当に", "今日", "届いた", "箱が", "色は", "値段も", "私は", "店で", "iPhoneケース"]
  )
  private static let thai = (
    good: ["ดีมาก", "ชอบ", "เยี่ยม"], bad: ["แย่มาก", "เสีย", "ผิดหวัง"],
    other: ["สินค้า", "นี้", "ผม", "ซื้อ", "เมื่อวาน", "ราคา", "ส่ง", "กล่อง"]
  )

  /// Different phrases one after another.
  private func text(
    _ count: Int, of phrases: [String], _ generator: inout SeededGenerator
  ) -> String {
    var phrases = phrases
    generator.shuffle(&phrases)
    return phrases.prefix(count).joined()
  }

  private func sentences(_ count: Int, words: Int = 12, seed: UInt64 = 3) -> [String] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in text(words, of: Self.chinese.other, &generator) + "。" }
  }

  // MARK: Words

  private func words(_ text: String) -> [UInt64] {
    var words: [UInt64] = []
    WordHash.words(Array(text.utf8)[...], into: &words)
    return words
  }

  private func features(_ text: String) -> [UInt64] {
    var splitter = WordSplitter()
    splitter.hashes(of: Array(text.utf8)[...])
    return splitter.hashes
  }

  /// Reports on other texts must stay as they are.
  @Test func wordsOfOtherScriptsAreRunsOfBytes() {
    let text = "größe слово 한국어 हिन्दी مرحبا “quoted” 🙂 é1"
    let pieces = text.split(separator: " ").map(String.init)
    #expect(words(text) == pieces.map { WordHash.of($0.utf8) })
    #expect(features("größe слово 한국어 हिन्दी") == pieces.prefix(4).map { WordHash.of($0.utf8) })
    let bytes = Array(text.utf8)
    let runs = Set(
      (0...(bytes.count - 4)).map { bytes[$0..<($0 + 4)].reduce(0) { $0 << 8 | UInt32($1) } })
    #expect(ShingleSet(bytes).hashes == runs.sorted())
    #expect(ShingleSet.length(of: bytes) == bytes.count)
    #expect(UnspacedScript.letters(in: bytes) == 0)
  }

  @Test func charactersWithTheirMarksAreWords() {
    #expect(
      words("我用Python3写代码。") == ["我", "用", "python3", "写", "代", "码"].map { WordHash.of($0.utf8) })
    #expect(words("今日はｉＯＳ，東京！") == ["今", "日", "は", "ｉＯＳ", "東", "京"].map { WordHash.of($0.utf8) })
    // A vowel sign or tone mark belongs to the consonant before, others are letters.
    #expect(words("ที่นี่ดี") == ["ที่", "นี่", "ดี"].map { WordHash.of($0.utf8) })
    #expect(features("ที่นี่ดี").count == 3)
    #expect(features("我用Python3写").count == 4)
    #expect(features("我们") != features("们我"))
    // Half of a character at the end.
    var cut: [UInt64] = []
    WordHash.words([0xE4, 0xB8, 0xAD, 0xE4, 0xB8][...], into: &cut)
    #expect(cut.count == 2)
  }

  @Test func copiesMayChangeSpacesAndPunctuation() {
    func normalised(_ text: String) -> String {
      String(decoding: NormalizedText.bytes(of: Array(text.utf8)), as: UTF8.self)
    }
    #expect(normalised("我 用 Python 写，代码！") == normalised("我用python写代码"))
    #expect(normalised("ABC def 中文") == "abc def中文")
    // Two characters of Chinese are a run, and four letters of Thai.
    #expect(ShingleSet(Array("我们今天".utf8)).hashes.count == 3)
    #expect(ShingleSet(Array("ราคาส่ง".utf8)).hashes.count == 4)
    #expect(ShingleSet.length(of: Array("我们ab".utf8)) == 6)
  }

  // MARK: Types

  @Test func sentencesAreTextAndNamesAreNot() throws {
    func type(_ values: [String]) throws -> ColumnType {
      try table("text,n\n" + values.map { "\($0),1\n" }.joined()).columns[0].type
    }
    var generator = SeededGenerator(seed: 1)
    #expect(try type(sentences(60)) == .text)
    #expect(try type(sentences(60).map { $0 + "，" + $0 }) == .text)
    #expect(try type((0..<60).map { _ in text(5, of: Self.japanese.other, &generator) }) == .text)
    #expect(try type((0..<60).map { _ in text(6, of: Self.thai.other, &generator) }) == .text)
    #expect(
      try type((0..<60).map { "이 제품은 \(["정말", "오늘", "어제"][$0 % 3]) 좋아요 \($0)" }) == .text)
    // Names and codes of one word.
    let letters = Array("王李张刘陈杨赵黄周吴伟芳娜敏静丽强磊军洋")
    let names = (0..<100).map {
      "\(letters[$0 % 20])\(letters[$0 / 5])\(letters[($0 * 7 + $0 / 20) % 20])"
    }
    #expect(Set(names).count == 100)
    #expect(try type(names) == .identifier)
    #expect(try type((0..<60).map { "编号\(1_000 + $0 * $0)" }) == .identifier)
    #expect(try type((0..<60).map { ["北京", "上海", "广州"][$0 % 3] }) == .category)
  }

  // MARK: Detectors

  private func f1OfReviews(
    _ language: (good: [String], bad: [String], other: [String]), seed: UInt64
  ) throws -> Double {
    var generator = SeededGenerator(seed: seed)
    var text = "text,label\n"
    var flipped: Set<Int> = []
    for row in 0..<400 {
      let isGood = row % 2 == 0
      let isFlipped = generator.next(below: 10) == 0
      if isFlipped { flipped.insert(row) }
      let phrases = [
        self.text(5, of: language.other, &generator),
        self.text(2, of: isGood ? language.good : language.bad, &generator),
      ]
      text += phrases.joined() + "。,\(isGood == isFlipped ? "bad" : "good")\n"
    }
    let options = AnalysisOptions(labelColumn: "label", detectors: [.labelErrors])
    let result = try #require(try Analyzer(options: options).analyze(table(text))[.labelErrors])
    let flagged = Set(result.flagged.map(\.row))
    return 2 * Double(flagged.intersection(flipped).count) / Double(flagged.count + flipped.count)
  }

  @Test func wordsDecideLabels() throws {
    #expect(try f1OfReviews(Self.chinese, seed: 1) > 0.8)
    #expect(try f1OfReviews(Self.japanese, seed: 2) > 0.8)
    #expect(try f1OfReviews(Self.thai, seed: 3) > 0.8)
  }

  private func nearDuplicates(_ texts: [String]) throws -> FlaggedRows {
    let options = AnalysisOptions(detectors: [.nearDuplicates])
    let text = "text\n" + texts.joined(separator: "\n") + "\n"
    return try #require(try Analyzer(options: options).analyze(table(text))[.nearDuplicates])
      .flagged
  }

  @Test(arguments: [8, 12, 25]) func copiesWithOneCharacterChangedAreFound(words: Int) throws {
    let own = sentences(200, words: words)
    let copies = own.prefix(10).enumerated().map { row, text in
      var characters = Array(text)
      characters[4 + row] = "新"
      return String(characters)
    }
    let flagged = try nearDuplicates(own + copies)
    #expect(Set(flagged.map(\.row)) == Set(200..<210))
    #expect(flagged.allSatisfy { $0.duplicateOf == $0.row - 200 })
  }

  @Test func sentencesOfFewPhrasesAreNotAllAlike() throws {
    var generator = SeededGenerator(seed: 4)
    let texts = (0..<400).map { _ in
      text(5, of: Self.thai.other, &generator)
        + text(1, of: Self.thai.good + Self.thai.bad, &generator)
    }
    #expect(try nearDuplicates(texts).count < 40)
  }

  private func flaws(_ answers: [String]) throws -> FlaggedRows {
    let rows = answers.enumerated().map { row, answer in
      "请解释第\(row)个问题：\(sentences(1, words: 5, seed: UInt64(row))[0]),\"\(answer)\"\n"
    }
    let text = "instruction,response\n" + rows.joined()
    let options = AnalysisOptions(detectors: [.textQuality])
    return try #require(try Analyzer(options: options).analyze(table(text))[.textQuality]).flagged
  }

  @Test func soundAnswersAreQuiet() throws {
    // From 20 characters to 300.
    let answers = (0..<200).map { row in
      sentences(1 + row % 6, words: 10 + row % 15, seed: UInt64(1_000 + row)).joined()
    }
    #expect(try flaws(answers).isEmpty)
  }

  @Test func flawsOfAnswersAreFound() throws {
    var answers = sentences(100)
    answers[10] = String(repeating: "我们今天很好", count: 20)
    answers[20] = String(answers[20].dropLast()) + "，"
    answers[30] = "请解释第30个问题：" + sentences(1, words: 5, seed: 30)[0]
    let flagged = try flaws(answers)
    #expect(flagged.map(\.row).sorted() == [10, 20, 30])
    #expect(flagged.contains { $0.row == 10 && $0.reason.contains("the same 4 characters") })
  }
}
