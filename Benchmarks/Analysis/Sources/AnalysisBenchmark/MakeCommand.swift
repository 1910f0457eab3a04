import ArgumentParser
import Foundation
import Measuring

/// Writes a dataset that is the same each time.
struct MakeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "make", abstract: "Writes a dataset as CSV to the standard output.")

  enum Kind: String, ExpressibleByArgument, CaseIterable {
    /// Normal numbers around the centres of five classes, and the class.
    case numbers
    /// Half numbers, the rest categories, dates, booleans and gaps, and a class of two.
    case mixed
    /// A number of the row and a sentence of a few words; one in twenty nearly repeats another.
    case texts
  }

  @Argument(help: "numbers, mixed or texts.")
  var kind: Kind
  @Argument(help: "How many rows.")
  var rows: Int
  @Argument(help: "How many columns beside the label.")
  var columns = 20

  func run() throws {
    var output = Output()
    var draw = Draw()
    switch kind {
    case .numbers: writeNumbers(&output, &draw)
    case .mixed: writeMixed(&output, &draw)
    case .texts: writeTexts(&output, &draw)
    }
    output.flush()
  }

  private func writeNumbers(_ output: inout Output, _ draw: inout Draw) {
    output.line((0..<columns).map { "x\($0)" } + ["label"])
    let centres = (0..<5).map { _ in (0..<columns).map { $0 < 10 ? draw.normal() : 0 } }
    for _ in 0..<rows {
      let label = draw.below(5)
      let values = centres[label].map { "\($0 + draw.normal())" }
      let given = draw.below(10) == 0 ? draw.below(5) : label
      output.line(values + ["c\(given)"])
    }
  }

  private func writeMixed(_ output: inout Output, _ draw: inout Draw) {
    output.line((0..<columns).map { "x\($0)" } + ["label"])
    for _ in 0..<rows {
      let isPositive = draw.below(3) == 0
      let values = (0..<columns).map { column -> String in
        if draw.below(50) == 0 { return "" }
        let shift = isPositive ? 0.5 : 0
        return switch column % 10 {
        case 0: "\(draw.below(90) + (isPositive ? 10 : 0))"
        case 1, 2: "\(((draw.normal() + shift) * 100).rounded() / 100)"
        case 3: "\(exp(draw.normal() + shift))"
        case 4: "\(draw.normal())"
        case 5: ["red", "green", "blue", "black"][draw.below(isPositive ? 3 : 4)]
        case 6: "city \(draw.below(200))"
        case 7: "2026-\(two(1 + draw.below(12)))-\(two(1 + draw.below(28)))"
        case 8: draw.below(isPositive ? 3 : 2) == 0 ? "yes" : "no"
        default: "\(draw.below(10_000))"
        }
      }
      output.line(values + [isPositive ? "yes" : "no"])
    }
  }

  private func writeTexts(_ output: inout Output, _ draw: inout Draw) {
    output.line(["id", "text"])
    let vocabulary = (0..<5_000).map { _ in
      String(
        (0..<(2 + draw.below(8))).map { _ in Character(UnicodeScalar(UInt8(97 + draw.below(26)))) })
    }
    var recent: [[String]] = []
    for row in 0..<rows {
      var words: [String]
      if row % 20 == 19, !recent.isEmpty {
        words = recent[draw.below(recent.count)]
        words[draw.below(words.count)] = vocabulary[draw.below(vocabulary.count)]
      } else {
        // Words are as unequally frequent as in a language (Zipf 1949).
        words = (0..<(12 + draw.below(12))).map { _ in
          vocabulary[Int(pow(Double(vocabulary.count), draw.uniform())) - 1]
        }
        if recent.count < 1_000 { recent.append(words) } else { recent[draw.below(1_000)] = words }
      }
      output.line(["\(row)", words.joined(separator: " ") + "."])
    }
  }

  private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

/// Random values, the same each time.
private struct Draw {
  private var keys = Keys(seed: 7)

  mutating func below(_ bound: Int) -> Int { Int(keys.next(below: bound)) }

  mutating func uniform() -> Double { (Double(keys.next(below: 1 << 53)) + 0.5) / Double(1 << 53) }

  /// Box and Muller (1958).
  mutating func normal() -> Double {
    let radius = (-2 * log(uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }
}

/// The standard output, in large pieces.
private struct Output {
  private var bytes: [UInt8] = []

  mutating func line(_ fields: [String]) {
    bytes += fields.joined(separator: ",").utf8
    bytes.append(0x0A)
    if bytes.count > 1 << 20 { flush() }
  }

  mutating func flush() {
    FileHandle.standardOutput.write(Data(bytes))
    bytes = []
  }
}
