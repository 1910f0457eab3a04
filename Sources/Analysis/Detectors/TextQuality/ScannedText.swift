/// The bytes of a text in which numbers and addresses are looked for.
struct ScannedText {
  let bytes: UnsafeBufferPointer<UInt8>

  var count: Int { bytes.count }

  subscript(_ index: Int) -> UInt8 { bytes[index] }
  subscript(_ range: Range<Int>) -> Slice<UnsafeBufferPointer<UInt8>> { bytes[range] }

  func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  func isDigit(_ index: Int) -> Bool { index < count && bytes[index].isASCIIDigit }

  /// Whether a number can end before `index`.
  func isEnd(_ index: Int) -> Bool {
    guard index < count else { return true }
    if bytes[index].isWordByte || bytes[index] == UInt8(ascii: "_") { return false }
    // A fraction, a date or a longer number goes on.
    return !("./-,:".utf8.contains(bytes[index]) && isDigit(index + 1))
  }

  /// Groups of digits with one separator between them: the groups' sizes and ends.
  func groups(at start: Int, separators: String) -> (sizes: [Int], ends: [Int]) {
    var (sizes, ends): ([Int], [Int]) = ([], [])
    var index = start
    var separator: UInt8?
    while isDigit(index), sizes.count < 8 {
      let first = index
      while isDigit(index), index - first < 24 { index += 1 }
      sizes.append(index - first)
      ends.append(index)
      guard index < count, separators.utf8.contains(bytes[index]),
        separator == nil || separator == bytes[index]
      else { break }
      separator = bytes[index]
      index += 1
    }
    return (sizes, ends)
  }

}
