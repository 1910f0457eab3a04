import Foundation

@testable import Analysis

/// Reads a dataset from text, in one piece.
func table(
  _ text: String, _ format: DatasetFormat = .csv, limits: DatasetLimits = DatasetLimits()
) throws(DatasetError) -> Table {
  try table(bytes: Array(text.utf8), format, limits: limits)
}

/// Reads a dataset, cut before each of the given offsets.
func table(
  bytes: [UInt8], _ format: DatasetFormat = .csv, encoding: DatasetEncoding = .utf8,
  limits: DatasetLimits = DatasetLimits(), expectedBytes: Int? = nil, cuts: [Int] = []
) throws(DatasetError) -> Table {
  var reader = DatasetReader(
    format: format, encoding: encoding, limits: limits, expectedBytes: expectedBytes)
  var start = 0
  for cut in cuts + [bytes.count] {
    try reader.append(Array(bytes[start..<cut]))
    start = cut
  }
  return try reader.finish()
}

/// The error that reading ends with; nil if there is none.
func readingError(
  _ text: String, _ format: DatasetFormat = .csv, limits: DatasetLimits = DatasetLimits()
) -> DatasetError? {
  readingError(bytes: Array(text.utf8), format, limits: limits)
}

func readingError(
  bytes: [UInt8], _ format: DatasetFormat = .csv, limits: DatasetLimits = DatasetLimits()
) -> DatasetError? {
  do throws(DatasetError) {
    _ = try table(bytes: bytes, format, limits: limits)
    return nil
  } catch {
    return error
  }
}

extension Table {
  /// All cells as written, row by row.
  var cells: [[String]] {
    (0..<rowCount).map { row in columns.map { $0.text(row) } }
  }
}

/// The dataset shipped with the examples: its lines without the header, and its bytes.
enum Wine {
  static let bytes: [UInt8] = {
    let path = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Examples/wine.csv")
    return (try? Array(Data(contentsOf: path))) ?? []
  }()

  static var lines: [String] {
    String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// The dataset with a share of the labels replaced, and the rows where they were.
  static func noisy(share: Double, seed: UInt64) -> (text: String, flipped: Set<Int>) {
    var generator = SeededGenerator(seed: seed)
    var lines = lines
    var rows = Array(0..<(lines.count - 1))
    generator.shuffle(&rows)
    let flipped = rows.prefix(Int((share * Double(rows.count)).rounded()))
    for row in flipped {
      var fields = lines[row + 1].split(separator: ",").map(String.init)
      let others: [String] = ["cultivar_1", "cultivar_2", "cultivar_3"].filter { $0 != fields.last }
      fields[fields.count - 1] = others[generator.next(below: 2)]
      lines[row + 1] = fields.joined(separator: ",")
    }
    return (lines.joined(separator: "\n") + "\n", Set(flipped))
  }
}

/// Normal numbers with mean 0 and variance 1 (Box and Muller).
func normal(_ generator: inout SeededGenerator) -> Double {
  let first = (Double(generator.next() >> 11) + 1) / Double(1 << 53)
  let second = Double(generator.next() >> 11) / Double(1 << 53)
  return (-2 * log(first)).squareRoot() * cos(2 * .pi * second)
}

/// A CSV text of one column named `x` beside a constant one.
func columnText(_ values: [some CustomStringConvertible]) -> String {
  "x,z\n" + values.map { "\($0),a\n" }.joined()
}
