import CRC32C
import Testing

@testable import Raft

struct CRC32CTests {
  func check(_ bytes: [UInt8], _ expected: UInt32) {
    #expect(clean_crc32c(0, bytes, bytes.count) == expected)
    #expect(clean_crc32c_portable(0, bytes, bytes.count) == expected)
  }

  /// RFC 3720, appendix B.4.
  @Test func theExamplesOfTheStandard() {
    check([UInt8](repeating: 0, count: 32), 0x8A91_36AA)
    check([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43)
    check(Array(0...31), 0x46DD_794E)
    check(Array((0...31).reversed()), 0x113F_DB5C)
    check(
      [
        0x01, 0xC0, 0x00, 0x00, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x14, 0, 0, 0, 0, 0, 0x04, 0,
        0, 0, 0, 0x14, 0, 0, 0, 0x18, 0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0, 0,
      ], 0xD996_3A56)
    check(Array("123456789".utf8), 0xE306_9283)
    check([], 0)
  }

  @Test func bothImplementationsAgreeAtEveryLengthAndAlignment() {
    var generator = SeededGenerator(seed: 1)
    let bytes = (0..<300).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    bytes.withUnsafeBytes { all in
      for start in 0..<9 {
        for end in start...bytes.count {
          let part = all.part(start..<end)
          let whole = clean_crc32c(0, part.baseAddress, part.count)
          #expect(whole == clean_crc32c_portable(0, part.baseAddress, part.count))
          let middle = part.count / 3
          let pieces = crc32c(crc32c(part.part(0..<middle)), part.part(middle..<part.count))
          #expect(pieces == whole)
        }
      }
    }
  }
}
