/// Hashes that are the same in every process, so that what follows from them is, too. Input can be made
/// to collide, which must cost no more than time (else ``KeyedHash``).
enum StableHash {
  /// FNV-1a (Fowler, Noll and Vo) of nothing.
  static let start: UInt64 = 0xCBF2_9CE4_8422_2325

  @inline(__always)
  static func adding(_ byte: UInt8, to hash: UInt64) -> UInt64 {
    (hash ^ UInt64(byte)) &* 0x100_0000_01B3
  }

  /// FNV-1a with a mixing of its last state.
  static func of(_ bytes: some Sequence<UInt8>) -> UInt64 {
    mix(bytes.reduce(start) { adding($1, to: $0) })
  }

  /// Spreads every bit over all (the finaliser of MurmurHash3).
  static func mix(_ state: UInt64) -> UInt64 {
    var mixed = state
    mixed = (mixed ^ (mixed >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    mixed = (mixed ^ (mixed >> 33)) &* 0xC4CE_B9FE_1A85_EC53
    return mixed ^ (mixed >> 33)
  }
}
