import Foundation

@testable import Analysis

/// A made table that is damaged bit by bit: what was done stays done.
struct DamagedTable {
  enum Damage: String, CaseIterable {
    case flippedLabels, missingLabels, missingValues, missingColumn, copies, nearCopies, outliers,
      codes, strays, units
  }

  private typealias Blow = (inout [[String]]) -> Void

  private(set) var header: [String] = []
  private(set) var rows: [[String]] = []
  /// Columns of numbers.
  private var numbers: [Int] = []
  private var labelColumn: Int { header.count - 1 }

  /// Rows of two to four classes, told by some of the numbers and categories.
  init(rowCount: Int, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let classCount = 2 + generator.next(below: 3)
    let classes = (0..<rowCount).map { _ in generator.next(below: classCount) }
    rows = classes.map { _ in [] }
    for index in 0..<(2 + generator.next(below: 4)) {
      let shift = [0.0, 1.5, 2.5][(index + generator.next(below: 2)) % 3]
      let isSkewed = index == 3
      numbers.append(index)
      header.append(isSkewed ? "price" : "number\(index)")
      for row in rows.indices {
        let value = normal(&generator) + shift * Double(classes[row])
        rows[row].append(isSkewed ? exp(0.5 * value + 3).shown(2) : value.shown(3))
      }
    }
    for index in 0..<(1 + generator.next(below: 3)) {
      let words = ["red", "green", "blue", "white", "black", "brown"]
      let size = 2 + generator.next(below: 4)
      header.append("word\(index)")
      for row in rows.indices {
        let told = generator.next(below: 2) * classes[row]
        rows[row].append(words[(index + (generator.next(below: size) + told) % size) % words.count])
      }
    }
    header.append("label")
    for row in rows.indices { rows[row].append(["ash", "beech", "cedar", "fir"][classes[row]]) }
  }

  /// The table after each share of all that a kind of damage can do; several kinds take turns.
  func texts(_ damages: [Damage], shares: [Double], seed: UInt64) -> [String] {
    let blows = damages.enumerated().map { place, damage in
      self.blows(damage, seed: seed &* 31 &+ UInt64(place))
    }
    var generator = SeededGenerator(seed: seed)
    var damaged = rows
    var done = blows.map { _ in 0 }
    return shares.map { share in
      var turns = blows.indices.flatMap { kind in
        let end = Int(share / Double(blows.count) * Double(blows[kind].count))
        return [Int](repeating: kind, count: end - done[kind])
      }
      generator.shuffle(&turns)
      for kind in turns {
        blows[kind][done[kind]](&damaged)
        done[kind] += 1
      }
      return ([header] + damaged).map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n"
    }
  }

  /// All that a kind of damage can do, a row or cell each, in an order of chance.
  private func blows(_ damage: Damage, seed: UInt64) -> [Blow] {
    var generator = SeededGenerator(seed: seed)
    var order = Array(rows.indices)
    generator.shuffle(&order)
    let label = labelColumn
    let classes = Set(rows.map { $0[label] }).sorted()
    func each(_ blow: (Int, inout SeededGenerator) -> Blow) -> [Blow] {
      order.map { blow($0, &generator) }
    }
    /// Writes into a column of numbers.
    func number(_ change: @escaping (String, Int) -> String) -> [Blow] {
      each { row, generator in
        let column = numbers[generator.next(below: numbers.count)]
        let turn = generator.next(below: 1_000)
        return { $0[row][column] = change($0[row][column], turn) }
      }
    }
    switch damage {
    case .flippedLabels:
      return each { row, generator in
        let others = classes.filter { $0 != rows[row][label] }
        let other = others[generator.next(below: others.count)]
        return { $0[row][label] = other }
      }
    case .missingLabels: return each { row, _ in { $0[row][label] = "" } }
    case .missingColumn:
      let column = generator.next(below: label)
      return each { row, _ in { $0[row][column] = "" } }
    case .missingValues:
      var cells = rows.indices.flatMap { row in (0..<label).map { (row, $0) } }
      generator.shuffle(&cells)
      return cells.map { row, column in { $0[row][column] = "" } }
    case .copies: return each { row, _ in { $0.append($0[row]) } }
    case .nearCopies:
      return each { row, generator in
        let noise = numbers.map { _ in 0.002 * normal(&generator) }
        return { damaged in
          var copy = damaged[row]
          for (column, change) in zip(numbers, noise) {
            if let value = Double(copy[column]) { copy[column] = (value + change).shown(5) }
          }
          damaged.append(copy)
        }
      }
    case .outliers:
      return number { value, turn in
        ((Double(value) ?? 0) + (turn % 2 == 0 ? 1 : -1) * Double(20 + turn % 60)).shown(2)
      }
    case .codes: return number { _, _ in "-999" }
    case .strays: return number { _, turn in ["broken", "see note", "error"][turn % 3] }
    case .units: return number { value, _ in Double(value) == nil ? value : "\(value) kg" }
    }
  }
}
