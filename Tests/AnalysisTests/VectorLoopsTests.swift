import Testing
import VectorLoops

@testable import Analysis

/// The loops against sums written down in their order, with wide vectors and without: the same bits.
@Suite(.serialized) struct VectorLoopsTests {
  private var generator = SeededGenerator(seed: 3)

  private mutating func numbers(_ count: Int) -> [Float] {
    (0..<count).map { _ in Float(generator.next(below: 2_000_001) - 1_000_000) / 1_000_000 }
  }

  /// Runs a loop both ways on equal results and returns the one of both.
  private func both(_ start: [Float], _ loop: (UnsafeMutablePointer<Float>) -> Void) -> [Float] {
    let had = clean_has_wide_vectors()
    defer { clean_use_wide_vectors(had) }
    let results = [true, false].map { use in
      clean_use_wide_vectors(use)
      var result = start
      result.withUnsafeMutableBufferPointer { loop($0.baseAddress!) }
      return result
    }
    #expect(results[0].map(\.bitPattern) == results[1].map(\.bitPattern))
    return results[0]
  }

  private func expectEqual(_ results: [Float], _ expected: [Float]) {
    #expect(results.map(\.bitPattern) == expected.map(\.bitPattern))
  }

  @Test(arguments: [1, 2, 3, 4, 5, 7, 128], [1, 2, 3, 4, 5, 8, 9])
  mutating func scoresAndGradients(count: Int, outputs: Int) {
    for width in [8, 16, 24, 304] {
      let columns = (0..<width).map { _ in numbers(200) }
      let linear = LinearScores(
        design: Design(rowCount: 200, columns: columns), outputs: outputs)
      let rows = (0..<count).map { _ in generator.next(below: 200) }
      let weights = numbers(linear.weightCount)
      let residuals = numbers(count * outputs)
      let scores = both([Float](repeating: 0, count: count * outputs)) { scores in
        rows.withUnsafeBufferPointer { linear.scores($0, weights: weights, into: scores) }
      }
      let slopes = both([Float](repeating: 0, count: outputs * width)) { scratch in
        var gradient = [Double](repeating: 0, count: linear.weightCount)
        rows.withUnsafeBufferPointer {
          linear.addGradient($0, residuals: residuals, scratch: scratch, to: &gradient)
        }
      }
      var expected: [Float] = []
      var slope = [Float](repeating: 0, count: outputs * width)
      for (position, row) in rows.enumerated() {
        for output in 0..<outputs {
          // Eight sums, each of every eighth feature.
          var sums = Floats.zero
          for index in 0..<width {
            let feature = columns[index][row]
            sums[index % 8] += feature * weights[output * width + index]
            slope[output * width + index] += residuals[position * outputs + output] * feature
          }
          expected.append(weights[linear.constants + output] + sums.total)
        }
      }
      expectEqual(scores, expected)
      expectEqual(slopes, slope)
    }
  }

  @Test(arguments: [1, 3, 4, 6, 8], [8, 16, 24, 40])
  mutating func products(rows: Int, columns: Int) {
    for shared in [1, 5, 64] {
      var left = numbers(rows * shared)
      var right = numbers(shared * columns)
      let expected = (0..<rows * columns).map { place in
        (0..<shared).reduce(Float(0)) {
          $0 + right[$1 * columns + place % columns] * left[place / columns * shared + $1]
        }
      }
      let turned = (0..<shared * rows).map { left[$0 % rows * shared + $0 / rows] }
      for isTurned in [false, true] {
        if isTurned { left = turned }
        let product = both(numbers(rows * columns)) { target in
          left.withUnsafeMutableBufferPointer { left in
            right.withUnsafeMutableBufferPointer { right in
              let left = MatrixView(base: left.baseAddress!, rowStride: isTurned ? rows : shared)
              MatrixView(base: target, rowStride: columns).set(
                to: isTurned ? left.transposed : left,
                times: MatrixView(base: right.baseAddress!, rowStride: columns), rows: rows,
                shared: shared, columns: columns)
            }
          }
        }
        expectEqual(product, expected)
      }
    }
  }
}
