extension DatasetEncoding {
  /// The bytes in UTF-8; those of another encoding that are not ASCII take a copy.
  public func decoded(_ bytes: [UInt8]) -> [UInt8] {
    guard self != .utf8 else { return bytes }
    var decoded: [UInt8] = []
    bytes.withUnsafeBytes { raw in withUTF8(raw) { decoded.append(contentsOf: $0) } }
    return decoded
  }

  /// UTF-8 in this encoding; nil if it has no such characters.
  func encoded(_ text: [UInt8]) -> [UInt8]? {
    guard self != .utf8, !text.allSatisfy({ $0 < 0x80 }) else { return text }
    var encoded: [UInt8] = []
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      guard let byte = byte(of: scalar.value) else { return nil }
      encoded.append(byte)
    }
    return encoded
  }

  private func byte(of scalar: UInt32) -> UInt8? {
    if scalar < 0x80 { return UInt8(scalar) }
    if self == .windows1252 {
      if let place = Self.windows1252Upper.firstIndex(of: scalar) { return UInt8(0x80 + place) }
      return (0xA0...0xFF).contains(scalar) ? UInt8(scalar) : nil
    }
    return scalar <= 0xFF ? UInt8(scalar) : nil
  }
}

extension RowEdits {
  /// Rewrites a record in UTF-8 and gives it back in the dataset's encoding.
  func rewriting(
    _ record: [UInt8], row: Int, to output: inout [UInt8],
    _ rewrite: ([UInt8], inout [UInt8]) throws(FixError) -> Void
  ) throws(FixError) {
    guard encoding != .utf8 else {
      try rewrite(record, &output)
      return
    }
    var text: [UInt8] = []
    try rewrite(encoding.decoded(record), &text)
    guard let encoded = encoding.encoded(text) else {
      throw FixError(
        kind: .notRepresentable,
        message: "Row \(row): a value of the plan has characters that \(encoding.rawValue) lacks.",
        row: max(0, row))
    }
    output += encoded
  }
}
