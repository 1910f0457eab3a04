/// Finds what names or reaches a person, and keys that give access. Conservative: what only looks
/// like it is left.
struct PersonalData {
  /// A datum in a text.
  struct Found: Equatable {
    var flaw: TextFlaw
    /// So much of it as may be repeated.
    var masked: String
    /// Its bytes in the text.
    var range: Range<Int>
  }

  /// Of a text so many are looked for.
  static let limit = 100

  private(set) var found: [Found] = []
  private let text: ScannedText

  /// Searches a text for the data that its facts allow.
  init(_ text: UnsafeBufferPointer<UInt8>, _ facts: TextFacts, secretsOnly: Bool) {
    self.text = ScannedText(bytes: text)
    if facts.longestToken >= 20 {
      for key in AccessKey.find(in: self.text) { add(.secret, key.range, masked: key.masked) }
    }
    if !secretsOnly {
      if facts.marks.contains(.at) {
        for address in EmailAddress.find(in: self.text) {
          add(.email, address.range, masked: address.masked)
        }
      }
      if facts.digits >= 6 { findNumbers() }
    }
    found.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
  }

  private mutating func add(_ flaw: TextFlaw, _ range: Range<Int>, masked: String) {
    guard found.count < Self.limit else { return }
    // Part of a key is no number.
    guard !found.contains(where: { $0.range.overlaps(range) }) else { return }
    found.append(Found(flaw: flaw, masked: masked, range: range))
  }

  private mutating func findNumbers() {
    var index = 0
    while index < text.count {
      let byte = text[index]
      guard
        byte.isASCIIDigit || byte.isASCIILetter || byte == UInt8(ascii: "+")
          || byte == UInt8(ascii: "(")
      else {
        index += 1
        continue
      }
      // Numbers begin where neither a word nor an address nor another number goes on.
      let isStart =
        index == 0 || !(text[index - 1].isWordByte || "./-_=#$%&+".utf8.contains(text[index - 1]))
      if isStart, let end = number(at: index) {
        index = end
        continue
      }
      index += 1
      if byte.isWordByte { while index < text.count, text[index].isWordByte { index += 1 } }
    }
  }

  /// The end of a number with a meaning that begins here.
  private mutating func number(at start: Int) -> Int? {
    let byte = text[start]
    if byte.isASCIILetter {
      guard let (range, country) = BankAccount.range(in: text, at: start) else { return nil }
      add(.iban, range, masked: "\(country)…")
      return range.upperBound
    }
    if byte.isASCIIDigit {
      if let range = PaymentCard.range(in: text, at: start) {
        let last = text[range].filter(\.isASCIIDigit).suffix(4)
        add(.cardNumber, range, masked: "…\(String(decoding: last, as: UTF8.self))")
        return range.upperBound
      }
      if let (range, first) = NetworkAddress.version4(in: text, at: start) {
        add(.ipAddress, range, masked: "\(first).…")
        return range.upperBound
      }
      if let range = NetworkAddress.version6(in: text, at: start) {
        add(.ipAddress, range, masked: "\(text.string(start..<(start + 2)))…")
        return range.upperBound
      }
    }
    if let range = PhoneNumber.range(in: text, at: start) {
      let last = text[range].filter(\.isASCIIDigit).suffix(2)
      add(.phone, range, masked: "…\(String(decoding: last, as: UTF8.self))")
      return range.upperBound
    }
    return nil
  }
}
