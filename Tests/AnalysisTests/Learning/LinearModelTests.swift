import Foundation
import Testing

@testable import Analysis

@Suite struct LinearModelTests {
  private let pace = Pace(Checkpoint(report: { _ in }, isCancelled: { false }))

  @Test func exponentialsAgreeWithTheLibrary() {
    for step in 0..<2_000 {
      let x = Float(step) * 0.0875 - 87
      let value = Double(Floats(repeating: x).exponential[step % 8])
      #expect(abs(value / exp(Double(x)) - 1) < 3e-7, "\(x)")
    }
    #expect(Floats(repeating: -100).exponential[0] == 0)
    #expect(Floats(repeating: 1e30).exponential[0].isFinite)
    #expect(Floats(repeating: 0).exponential[3] == 1)
  }

  @Test(arguments: [1e-300, 1e-20, 1e-6, 0.02, 0.3, 0.5, 0.7, 0.93, 0.999_999])
  func normalQuantilesInvertTheDistribution(probability: Double) {
    let z = normalQuantile(probability)
    #expect(abs(erfc(-z / 2.0.squareRoot()) / 2 / probability - 1) < 1e-12)
  }

  @Test func aCurvedValleyIsFollowedToItsEnd() throws {
    // Rosenbrock's function.
    var x = [-1.2, 1.0]
    let value = try QuasiNewton(iterations: 200, tolerance: 0).minimise(&x) { x, gradient in
      let (a, b) = (1 - x[0], x[1] - x[0] * x[0])
      gradient[0] = -2 * a - 400 * x[0] * b
      gradient[1] = 200 * b
      return a * a + 100 * b * b
    }
    #expect(value < 1e-10)
    #expect(abs(x[0] - 1) < 1e-4 && abs(x[1] - 1) < 1e-4)
  }

  @Test func boundVariablesStopAtZero() throws {
    var x = [1.0, 1.0, 1.0]
    let search = QuasiNewton(iterations: 100, tolerance: 0, nonNegative: 2)
    _ = try search.minimise(&x) { x, gradient in
      // Least at (-2, 3, -4); the last two pull at each other.
      let (a, b, c) = (x[0] + 2, x[1] - 3, x[2] + 4)
      gradient[0] = 2 * a
      gradient[1] = 2 * b + c
      gradient[2] = 2 * c + b
      return a * a + b * b + c * c + b * c
    }
    #expect(x[0] == 0)
    #expect(abs(x[1] - 3) < 1e-5 && abs(x[2] + 4) < 1e-5)
  }

  /// Two noisy groups; one in ten labels is another's.
  private func groups(_ classCount: Int) -> (design: Design, labels: [Int], truth: [Int]) {
    var generator = SeededGenerator(seed: 9)
    var columns = [[Float]](repeating: [], count: 3)
    var sparse = SparseRows(width: classCount)
    var labels: [Int] = []
    var truth: [Int] = []
    for row in 0..<600 {
      let own = row % classCount
      for column in 0..<3 {
        columns[column].append(Float(normal(&generator)) + (column == own % 3 ? 2.5 : 0))
      }
      if generator.next(below: 2) == 0 { sparse.append(column: own, value: 1) }
      sparse.endRow()
      truth.append(own)
      labels.append(row % 10 == 3 ? (own + 1) % classCount : own)
    }
    return (Design(rowCount: 600, columns: columns, sparse: sparse), labels, truth)
  }

  @Test(arguments: [2, 3, 7])
  func theNoiseLayerLetsTheTruthThrough(classCount: Int) throws {
    let (design, labels, truth) = groups(classCount)
    func surprise(_ noise: Double) throws -> Double {
      let model = try NoisyLogisticRegression(
        design, rows: Array(0..<600), labels: labels, classCount: classCount,
        settings: .init(penalty: 0.3, noise: noise), pace: pace)
      var probabilities = [Float](repeating: 0, count: 600 * classCount)
      model.predict(design, rows: Array(0..<600), into: &probabilities)
      for row in 0..<600 {
        let sum = (0..<classCount).reduce(Float(0)) { $0 + probabilities[row * classCount + $1] }
        #expect(abs(sum - 1) < 1e-5)
      }
      return noisyLogLoss(probabilities, labels: truth, classCount: classCount, noise: 0)
    }
    let (with, without) = (try surprise(0.1), try surprise(0))
    #expect(with < 0.9 * without)
  }

  @Test(arguments: [2, 3])
  func scoresAndGradientsAgreeWithTheirDefinition(classCount: Int) {
    let (design, _, _) = groups(classCount)
    let outputs = NoisyLogisticRegression.outputs(classCount)
    let linear = LinearScores(design: design, outputs: outputs)
    var generator = SeededGenerator(seed: 1)
    var weights = (0..<linear.weightCount).map { _ in Float(normal(&generator)) }
    // The padding of rows is zero, so what weighs it does not matter.
    let rows = [4, 0, 599, 17]
    var scores = [Float](repeating: 0, count: LinearScores.block * outputs)
    rows.withUnsafeBufferPointer { rows in
      scores.withUnsafeMutableBufferPointer { scores in
        weights.withUnsafeMutableBufferPointer { weights in
          linear.scores(rows, weights: weights.baseAddress!, into: scores.baseAddress!)
        }
      }
    }
    func features(_ row: Int) -> [Float] {
      var all = Array(design.dense[(row * design.denseWidth)..<((row + 1) * design.denseWidth)])
      var sparse = [Float](repeating: 0, count: design.sparse.width)
      for position in design.sparse.starts[row]..<design.sparse.starts[row + 1] {
        sparse[Int(design.sparse.columns[position])] = design.sparse.values[position]
      }
      all += sparse
      return all
    }
    func place(_ feature: Int, _ output: Int) -> Int {
      feature < design.denseWidth
        ? output * design.denseWidth + feature
        : outputs * design.denseWidth + (feature - design.denseWidth) * outputs + output
    }
    var expected = [Double](repeating: 0, count: linear.weightCount)
    for (position, row) in rows.enumerated() {
      let x = features(row)
      for output in 0..<outputs {
        var score = weights[linear.constants + output]
        for (feature, value) in x.enumerated() { score += value * weights[place(feature, output)] }
        #expect(abs(score - scores[position * outputs + output]) < 1e-4)
        let residual = Double(scores[position * outputs + output])
        for (feature, value) in x.enumerated() {
          expected[place(feature, output)] += Double(value) * residual
        }
        expected[linear.constants + output] += residual
      }
    }
    var gradient = [Double](repeating: 0, count: linear.weightCount)
    var scratch = [Float](repeating: 7, count: outputs * design.denseWidth)
    rows.withUnsafeBufferPointer { rows in
      scores.withUnsafeBufferPointer { residuals in
        scratch.withUnsafeMutableBufferPointer { scratch in
          gradient.withUnsafeMutableBufferPointer { gradient in
            linear.addGradient(
              rows, residuals: residuals.baseAddress!, scratch: scratch.baseAddress!,
              to: gradient.baseAddress!)
          }
        }
      }
    }
    for (one, other) in zip(gradient, expected) { #expect(abs(one - other) < 1e-4) }
  }

  @Test func kernelFeaturesMultiplyToTheKernel() throws {
    let (design, _, _) = groups(2)
    let landmarks = Array(0..<60)
    let kernel = try KernelFeatures(design, landmarks: landmarks, pace: pace)
      .design(width: 0.2, pace: pace)
    #expect(kernel.featureCount == 60)
    func product(_ a: Int, _ b: Int) -> Float {
      (0..<60).reduce(0) {
        $0 + kernel.dense[a * kernel.denseWidth + $1] * kernel.dense[b * kernel.denseWidth + $1]
      }
    }
    // Among landmarks the approximation is exact but for the ridge.
    #expect(abs(product(5, 5) - 1) < 0.01)
    var distance: Float = 0
    for index in 0..<3 {
      let difference =
        design.dense[5 * design.denseWidth + index] - design.dense[8 * design.denseWidth + index]
      distance += difference * difference
    }
    let (a, b) = (design.sparse.starts[5]..<design.sparse.starts[6], 8)
    var levels = [Float](repeating: 0, count: 2)
    for position in a { levels[Int(design.sparse.columns[position])] += 1 }
    for position in design.sparse.starts[b]..<design.sparse.starts[b + 1] {
      levels[Int(design.sparse.columns[position])] -= 1
    }
    distance += levels.reduce(0) { $0 + $1 * $1 }
    #expect(abs(product(5, 8) - Float(exp(-0.2 * Double(distance)))) < 0.01)
  }
}
