/// Keys and tokens that give access, by what they begin with.
enum AccessKey {
  /// Beginnings, how many characters follow at least, and exactly if so it says.
  private static let keys: [(prefix: [UInt8], least: Int, exactly: Bool)] = [
    ("AKIA", 16, true), ("ASIA", 16, true), ("AIza", 35, true), ("sk-", 20, false),
    ("sk_live_", 16, false), ("sk_test_", 16, false), ("rk_live_", 16, false), ("clk_", 16, false),
    ("ghp_", 30, false), ("gho_", 30, false), ("ghu_", 30, false), ("ghs_", 30, false),
    ("github_pat_", 30, false), ("glpat-", 20, false), ("xoxb-", 20, false), ("xoxp-", 20, false),
    ("xoxa-", 20, false), ("hf_", 30, false), ("npm_", 36, false), ("eyJ", 40, false),
  ].map { (Array($0.0.utf8), $0.1, $0.2) }

  private static let privateKey = Array("-----BEGIN ".utf8)

  /// The keys in a text, with so much of each as may be repeated.
  static func find(in text: ScannedText) -> [(range: Range<Int>, masked: String)] {
    var found: [(range: Range<Int>, masked: String)] = []
    var index = 0
    while index < text.count {
      let byte = text[index]
      if byte == UInt8(ascii: "-"), let end = privateKeyEnd(in: text, at: index) {
        found.append((index..<end, "-----BEGIN …"))
        index = end
        continue
      }
      guard byte.isWordByte else {
        index += 1
        continue
      }
      var end = index
      while end < text.count, isKeyByte(text[end]) { end += 1 }
      end = max(end, index + 1)
      if end - index >= 19, let key = keys.first(where: { starts(text, index, $0.prefix) }),
        isKey(text[index..<end], key)
      {
        found.append((index..<end, "\(String(decoding: key.prefix, as: UTF8.self))…"))
      }
      index = end
    }
    return found
  }

  private static func isKeyByte(_ byte: UInt8) -> Bool {
    byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: ".")
  }

  private static func starts(_ text: ScannedText, _ index: Int, _ phrase: [UInt8]) -> Bool {
    guard text.count - index >= phrase.count else { return false }
    for (offset, byte) in phrase.enumerated() where text[index + offset] != byte { return false }
    return true
  }

  /// Keys are random: they have letters and digits.
  private static func isKey(
    _ token: Slice<UnsafeBufferPointer<UInt8>>, _ key: (prefix: [UInt8], least: Int, exactly: Bool)
  ) -> Bool {
    var tail = token.dropFirst(key.prefix.count)
    while tail.last == UInt8(ascii: ".") { tail = tail.dropLast() }
    guard key.exactly ? tail.count == key.least : tail.count >= key.least else { return false }
    let isToken = key.prefix.elementsEqual("eyJ".utf8)
    // JSON Web Tokens have three parts (RFC 7519).
    if isToken { return tail.count { $0 == UInt8(ascii: ".") } == 2 }
    guard !tail.contains(UInt8(ascii: ".")) else { return false }
    return tail.contains(where: \.isASCIIDigit)
      && tail.contains(where: \.isASCIILetter)
      && Set(tail).count >= 8
  }

  private static func privateKeyEnd(in text: ScannedText, at start: Int) -> Int? {
    guard starts(text, start, privateKey) else { return nil }
    let limit = min(text.count, start + 60)
    let line = text.string(start..<limit)
    return line.contains("PRIVATE KEY-----") ? limit : nil
  }
}
