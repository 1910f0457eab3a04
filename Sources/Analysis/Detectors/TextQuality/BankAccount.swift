/// Account numbers (ISO 13616): country, length, and 1 as the remainder by 97 (ISO 7064). Letters are
/// in either case: people write them so, and the remainder tells.
enum BankAccount {
  /// Lengths by country (SWIFT's registry for ISO 13616).
  static let ibanLengths: [String: Int] = [
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22,
    "BR": 29, "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28,
    "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23,
    "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26,
    "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20,
    "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30,
    "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22,
    "SA": 24, "SC": 31, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "ST": 25, "SV": 28, "TL": 23,
    "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
  ]

  static func range(
    in text: ScannedText, at start: Int
  ) -> (range: Range<Int>, country: String)? {
    guard start + 4 < text.count, text.isDigit(start + 2), text.isDigit(start + 3),
      text[start].isASCIILetter, text[start + 1].isASCIILetter
    else { return nil }
    let country = text.string(start..<(start + 2)).uppercased()
    guard let length = ibanLengths[country] else { return nil }
    var characters: [UInt8] = []
    var index = start
    while index < text.count, characters.count < length {
      let byte = text[index]
      if byte.isASCIIDigit || byte.isASCIILetter {
        characters.append(byte.lowered)
      } else if byte != 0x20 || characters.count % 4 != 0 {
        return nil
      }
      index += 1
    }
    guard characters.count == length, index == text.count || !text[index].isWordByte else {
      return nil
    }
    let turned = characters[4...] + characters[..<4]
    let remainder = turned.reduce(0) { sum, byte in
      byte.isASCIIDigit
        ? (sum * 10 + Int(byte - 0x30)) % 97 : (sum * 100 + Int(byte - 0x61) + 10) % 97
    }
    return remainder == 1 ? (start..<index, country) : nil
  }
}
