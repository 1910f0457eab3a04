/// An address in the one form in which it is stored and compared: ASCII in lower case.
///
/// ASCII only, because what equals what in Unicode depends on the version of its tables, and
/// members of different versions must agree; and because letters that look alike would let one
/// user pass for another. International domains have an ASCII form (RFC 5890, `xn--…`).
public struct EmailAddress: Hashable, Sendable {
  /// The form to store.
  public let normalised: String

  /// Reads `local@domain`; nothing if it is not of that form. Up to 64 and 253 bytes, no spaces,
  /// no quotes; whether mail arrives there, only mail can tell.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    let parts = bytes.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    guard parts.count == 2, (1...64).contains(parts[0].count), (1...253).contains(parts[1].count),
      parts[0].allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\"") }),
      parts[1].allSatisfy({
        isASCIIAlphanumeric($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
      })
    else { return nil }
    let upperCase = UInt8(ascii: "A")...UInt8(ascii: "Z")
    normalised = String(
      decoding: bytes.map { upperCase.contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
  }
}
