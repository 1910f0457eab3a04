import Foundation
import Testing

@testable import Analysis

@Suite struct NetworkTests {
  private let pace = Pace(Checkpoint(report: { _ in }, isCancelled: { false }))

  @Test func productsAgreeWithTheirDefinition() {
    var generator = SeededGenerator(seed: 4)
    func random(_ count: Int) -> [Float] { (0..<count).map { _ in Float(normal(&generator)) } }
    // Seven rows by five, as they are and turned round, times five rows by sixteen.
    var (left, right) = (random(35), random(5 * 16))
    var results = [[Float]](repeating: [Float](repeating: 0, count: 7 * 16), count: 2)
    left.withUnsafeMutableBufferPointer { left in
      right.withUnsafeMutableBufferPointer { right in
        let right = MatrixView(base: right.baseAddress!, rowStride: 16)
        for (index, view) in [
          MatrixView(base: left.baseAddress!, rowStride: 5),
          MatrixView(base: left.baseAddress!, rowStride: 7).transposed,
        ].enumerated() {
          results[index].withUnsafeMutableBufferPointer {
            MatrixView(base: $0.baseAddress!, rowStride: 16)
              .set(to: view, times: right, rows: 7, shared: 5, columns: 16)
          }
        }
      }
    }
    for row in 0..<7 {
      let places: [(Int) -> Int] = [{ row * 5 + $0 }, { $0 * 7 + row }]
      for column in 0..<16 {
        for (index, place) in places.enumerated() {
          let sum = (0..<5).reduce(Float(0)) { $0 + left[place($1)] * right[$1 * 16 + column] }
          #expect(abs(results[index][row * 16 + column] - sum) < 1e-5)
        }
      }
    }
  }

  /// Points in the plane, some with a level, and on which of two sides of a cross or ring they are.
  private func points(_ count: Int, _ side: (Double, Double) -> Int) -> (Design, [Int]) {
    var generator = SeededGenerator(seed: 8)
    var columns: [[Float]] = [[], []]
    var sparse = SparseRows(width: 3)
    var sides: [Int] = []
    for row in 0..<count {
      let (x, y) = (normal(&generator), normal(&generator))
      columns[0].append(Float(x))
      columns[1].append(Float(y))
      if row % 4 < 3 { sparse.append(column: row % 4, value: 1) }
      sparse.endRow()
      sides.append(side(x, y))
    }
    return (Design(rowCount: count, columns: columns, sparse: sparse), sides)
  }

  @Test(arguments: [0, 0.2]) func gradientsAreThoseOfTheLoss(noise: Float) {
    let (design, labels) = points(40) { $0 < -0.5 ? 0 : $1 > 0 ? 1 : 2 }
    let shape = NetworkShape(
      features: design.denseWidth + design.sparse.width, hidden: 8, classCount: 3)
    var generator = SeededGenerator(seed: 2)
    var weights = (0..<shape.weightCount).map { _ in Float(normal(&generator)) / 2 }
    let pass = NetworkPass(shape)
    pass.load(design, Array(0..<40)[...])
    func loss() -> Double {
      pass.forward(weights, rows: 40)
      return labels.indices.reduce(0) { sum, row in
        let q = pass.probability(row, labels[row])
        return sum - log(Double((1 - noise) * q + noise / 2 * (1 - q))) / 40
      }
    }
    var gradient = [Float](repeating: 7, count: shape.weightCount)
    _ = loss()
    pass.backward(weights, labels: labels, noise: noise, into: &gradient)
    // Where a unit is switched on or off in between, the difference is neither slope.
    var strays = 0
    for index in stride(from: 0, to: shape.weightCount, by: 3) {
      let weight = weights[index]
      weights[index] = weight + 1e-3
      let above = loss()
      weights[index] = weight - 1e-3
      let below = loss()
      weights[index] = weight
      if abs((above - below) / 2e-3 - Double(gradient[index])) > 1e-3 { strays += 1 }
    }
    #expect(strays <= shape.weightCount / 3 / 12)
  }

  /// The share of rows whose true side a network finds that has learnt from given ones.
  private func found(
    _ design: Design, _ truth: [Int], given: [Int], noise: Double, of side: Int? = nil,
    seed: UInt64 = 0
  ) throws -> Double {
    var generator = SeededGenerator(seed: seed)
    let count = truth.count
    let network = try NoisyNetwork(
      design, rows: Array(0..<count), labels: given, classCount: 2,
      settings: .init(hidden: 32, noise: noise, penalty: 3, steps: count / 12),
      generator: &generator, pace: pace)
    var probabilities = [Float](repeating: 0, count: count * 2)
    try network.predict(design, rows: Array(0..<count), into: &probabilities, pace: pace)
    let rows = truth.indices.filter { side == nil || truth[$0] == side }
    return Double(rows.count { probabilities[2 * $0 + truth[$0]] > 0.5 }) / Double(rows.count)
  }

  @Test func whatNoLineDividesIsLearntDespiteWrongLabels() throws {
    let (design, truth) = points(4_000) { $0 * $1 > 0 ? 1 : 0 }
    let given = truth.enumerated().map { $0 % 10 == 3 ? 1 - $1 : $1 }
    #expect(try found(design, truth, given: given, noise: 0.1) > 0.95)
  }

  @Test func theNoiseDoesNotExplainARareClassAway() throws {
    let (design, truth) = points(6_000) { $0 * $0 + $1 * $1 > 6.5 ? 1 : 0 }
    #expect((100...300).contains(truth.count { $0 == 1 }))
    let given = truth.enumerated().map { $0 % 10 == 3 ? 1 - $1 : $1 }
    // With all the noise from the start some networks find none of them.
    for seed in 0..<5 as Range<UInt64> {
      #expect(try found(design, truth, given: given, noise: 0.1, of: 1, seed: seed) > 0.4)
    }
  }
}
