import CRC32C

/// Extends a CRC-32C by `bytes`.
func crc32c(_ crc: UInt32, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
  clean_crc32c(crc, bytes.baseAddress, bytes.count)
}

/// The CRC-32C of `bytes`.
func crc32c(_ bytes: UnsafeRawBufferPointer) -> UInt32 { crc32c(0, bytes) }

/// Extends a CRC-32C by a number's eight bytes, little endian.
func crc32c(_ crc: UInt32, _ value: UInt64) -> UInt32 {
  withUnsafeBytes(of: value.littleEndian) { crc32c(crc, $0) }
}

extension UnsafeRawBufferPointer {
  /// The little-endian number at `offset`, aligned or not.
  func number<N: FixedWidthInteger>(at offset: Int, as type: N.Type = N.self) -> N {
    N(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
  }

  /// The part `range`.
  func part(_ range: Range<Int>) -> UnsafeRawBufferPointer { .init(rebasing: self[range]) }
}

extension UnsafeMutableRawBufferPointer {
  /// Puts a number at `offset`, little endian.
  func put<N: FixedWidthInteger>(_ value: N, at offset: Int) {
    storeBytes(of: value.littleEndian, toByteOffset: offset, as: N.self)
  }
}
