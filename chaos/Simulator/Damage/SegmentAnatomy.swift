/// The records of a segment of the log as docs/storage-format.md describes them, read by code of the
/// simulator's own: so that what damage costs is known before the store is asked.
struct SegmentAnatomy {
  /// What damage to a segment means.
  enum Cost: Hashable {
    /// No record is hit.
    case nothing
    /// The log must be found to end here.
    case ends(at: Int)
    /// The storage can't tell it from a batch that was being written when the power failed: what would
    /// prove that it was durable is hit as well, or never came to be.
    case unnoticeable
  }

  private struct Record {
    var range: Range<Int>
    var durable: Int
  }

  static let headerSize = 48
  private static let frameSize = 20

  private var records: [Record] = []

  /// Where the records end.
  var end: Int { records.last?.range.upperBound ?? Self.headerSize }
  /// Where the opening record ends.
  var openingEnd: Int { records.first?.range.upperBound ?? Self.headerSize }
  /// The record that holds the last entry or hard state; what comes after it is a mark.
  var lastBatch: Range<Int>? { records.count > 2 ? records[records.count - 2].range : nil }

  /// Whether the last record shows that all before it is durable, as an opening record does.
  var endsInMark: Bool {
    guard records.count > 1, let last = records.last else { return true }
    return last.durable == last.range.lowerBound
  }

  /// Reads a segment that is not damaged. Its tail may be torn.
  init(_ bytes: [UInt8]) {
    guard bytes.count > Self.headerSize else { return }
    let seed = Self.number(bytes, 44)
    var chain = seed
    while let record = Self.record(bytes, at: end, after: chain, seed: seed) {
      chain = Self.number(bytes, end + 16)
      records.append(record)
    }
  }

  /// What is lost when bytes in these ranges are no longer what was written.
  func cost(of damage: [Range<Int>], isLast: Bool) -> Cost {
    func isHit(_ range: Range<Int>) -> Bool { damage.contains { $0.overlaps(range) } }
    if isHit(0..<Self.headerSize) { return .ends(at: 0) }
    guard let first = records.firstIndex(where: { isHit($0.range) }) else { return .nothing }
    let place = records[first].range.lowerBound
    let isTold =
      !isLast || first == 0
      || records[(first + 1)...].contains { !isHit($0.range) && $0.durable > place }
    return isTold ? .ends(at: place) : .unnoticeable
  }

  private static func record(
    _ bytes: [UInt8], at start: Int, after chain: UInt32, seed: UInt32
  ) -> Record? {
    guard start + frameSize < bytes.count else { return nil }
    let length = Int(number(bytes, start))
    guard length > 0, start + frameSize + length <= bytes.count, number(bytes, start + 8) == chain
    else { return nil }
    let range = start..<start + frameSize + length
    let place = withUnsafeBytes(of: UInt64(start).littleEndian) { crc32c(seed, Array($0)) }
    guard number(bytes, start + 16) == crc32c(place, bytes[start..<start + 16]),
      number(bytes, start + 12) == crc32c(0, bytes[(start + frameSize)..<range.upperBound])
    else { return nil }
    return Record(range: range, durable: Int(number(bytes, start + 4)))
  }

  private static func number(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
    bytes.withUnsafeBytes {
      UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
  }

  /// CRC-32C (RFC 3720, appendix B.4), bit by bit.
  private static func crc32c(_ crc: UInt32, _ bytes: some Sequence<UInt8>) -> UInt32 {
    var register = ~crc
    for byte in bytes {
      register ^= UInt32(byte)
      for _ in 0..<8 {
        let carry: UInt32 = register & 1 == 0 ? 0 : 0x82F6_3B78
        register = register >> 1 ^ carry
      }
    }
    return ~register
  }
}
