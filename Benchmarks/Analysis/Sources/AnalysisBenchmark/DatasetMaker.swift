import Foundation

/// Draws datasets and writes them.
struct DatasetMaker {
  let rows: Int
  let columns: Int
  var output: Output
  var draw = Draw()

  mutating func writeNumbers() {
    output.header((0..<columns).map { "x\($0)" } + ["label"])
    let centres = (0..<5).map { _ in (0..<columns).map { $0 < 10 ? draw.normal() : 0 } }
    for _ in 0..<rows {
      let label = draw.below(5)
      let values = centres[label].map { "\($0 + draw.normal())" }
      let given = draw.below(10) == 0 ? draw.below(5) : label
      output.row(values + ["c\(given)"])
    }
  }

  mutating func writeMixed() {
    output.header((0..<columns).map { "x\($0)" } + ["label"])
    for _ in 0..<rows {
      let isPositive = draw.below(3) == 0
      let values = (0..<columns).map { column -> String in
        if draw.below(50) == 0 { return "" }
        let shift = isPositive ? 0.5 : 0
        return switch column % 10 {
        case 0: "\(draw.below(90) + (isPositive ? 10 : 0))"
        case 1, 2: "\((draw.normal() + shift).hundredths)"
        case 3: "\(exp(draw.normal() + shift))"
        case 4: "\(draw.normal())"
        case 5: ["red", "green", "blue", "black"][draw.below(isPositive ? 3 : 4)]
        case 6: "city \(draw.below(200))"
        case 7: "2026-\(two(1 + draw.below(12)))-\(two(1 + draw.below(28)))"
        case 8: draw.below(isPositive ? 3 : 2) == 0 ? "yes" : "no"
        default: "\(draw.below(10_000))"
        }
      }
      output.row(values + [isPositive ? "yes" : "no"])
    }
  }

  mutating func writeTexts() {
    output.header(["id", "text"])
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
      output.row(["\(row)", words.joined(separator: " ") + "."])
    }
  }

  func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
