import Foundation
import Testing

@testable import Analysis

@Suite struct DistinctCountTests {
  /// Decimals as a file has them, and how many numbers they are.
  private static func cells(_ texts: [String]) -> [PackedCell] {
    texts.map { text in
      var text = text
      return text.withUTF8 { bytes in
        bytes.baseAddress.flatMap { PackedCell.scan($0, bytes.count)?.cell }
          ?? PackedCell(spelling: 0)
      }
    }
  }

  @Test func spellingsOfOneNumberCountOnce() {
    let texts = ["1", "1.0", "1.00", "-0", "0", "0.0", "2.5", "2.50", "-2.5", "", "3.0", "1.05"]
    #expect(DistinctCount.close(Self.cells(texts)) == 6)
  }

  @Test func nothingIsNoNumber() {
    #expect(DistinctCount.close([]) == 0)
    #expect(DistinctCount.close(Self.cells(["", "x"])) == 0)
    #expect(DistinctCount.of([]) == 0)
  }

  /// Of two cells there are bits for 128 numbers.
  @Test(arguments: [
    ("5", "132", 2), ("5", "133", nil), ("-64", "63", 2), ("-64", "64", nil), ("1", "2.28", nil),
    ("0.01", "1.28", 2), ("99999999999999999", "0.01", nil), ("7", "0.123456789012345678", nil),
    ("99999999999999999", "-99999999999999999", nil), ("99999999999999999", "99999999999999998", 2),
  ])
  func numbersFarApartTakeTooMuchRoom(first: String, second: String, count: Int?) {
    #expect(DistinctCount.close(Self.cells([first, second])) == count)
  }

  /// Against a set, below and beyond what one table holds.
  @Test(arguments: [1, 63, 2_048, 2_049, 5_000, 60_000], [3, 900, 2_100, 1_000_000])
  func countsAsASetDoes(count: Int, range: Int) {
    var generator = SeededGenerator(seed: UInt64(count + range))
    let numbers = (0..<count).map { _ in generator.next(below: range) - range / 2 }
    let cells = Self.cells(numbers.map { "\($0)" })
    #expect(DistinctCount.of(cells.map(\.key)) == Set(numbers).count)
    if let close = DistinctCount.close(cells) { #expect(close == Set(numbers).count) }
    #expect(DistinctCount.close(cells) != nil || range > 64 * count)
  }
}
