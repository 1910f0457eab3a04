/// A running 64-bit digest. Not cryptographic: two different histories get the same one with
/// negligible chance only because nobody tries. Equal on all platforms and in all builds.
struct Fingerprint: Hashable {
  private(set) var value: UInt64 = 0x9E37_79B9_7F4A_7C15

  mutating func mix(_ word: UInt64) {
    // One round of a multiply-and-fold hash; both halves of the product count.
    let product = (value ^ word).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    value = (product.high ^ product.low) &+ 0xA076_1D64_78BD_642F
  }

  mutating func mix(_ word: Int) { mix(UInt64(bitPattern: Int64(word))) }

  mutating func mix(_ bytes: [UInt8]) {
    mix(bytes.count)
    bytes.withUnsafeBytes { raw in
      var offset = 0
      while offset + 8 <= raw.count {
        mix(UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
        offset += 8
      }
      var rest: UInt64 = 0
      while offset < raw.count {
        rest = rest << 8 | UInt64(raw[offset])
        offset += 1
      }
      mix(rest)
    }
  }

  static func of(_ bytes: [UInt8]) -> UInt64 {
    var fingerprint = Fingerprint()
    fingerprint.mix(bytes)
    return fingerprint.value
  }
}
