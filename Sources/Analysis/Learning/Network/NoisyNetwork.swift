/// A network of two hidden layers of rectified units (Nair and Hinton 2010) behind the layer of label
/// noise of ``NoisyLogisticRegression``, trained by Adam (Kingma and Ba 2015) on small batches of rows.
///
/// It learns what trees need many cuts for: classes whose borders are aslant or bent in several
/// numbers. The rate falls to 0 in a straight line. The noise that is reckoned with rises from 0: from
/// the start it would explain a rare class away before the network has learnt of it (as the share of
/// dropped rows rises in co-teaching: Han et al. 2018).
struct NoisyNetwork: Sendable {
  /// How a network is trained.
  struct Settings: Sendable, Equatable {
    /// Units of each hidden layer, a multiple of eight.
    var hidden: Int
    /// The share of wrong labels that is reckoned with.
    var noise: Double
    /// The weight of half the squared length of the weights, beside the summed loss.
    var penalty: Double
    /// Batches of ``LinearScores/block`` rows.
    var steps: Int
  }

  private static let rate: Float = 0.01
  /// The part of the steps in which the noise rises.
  private static let rise: Float = 0.3

  let shape: NetworkShape
  private var weights: [Float]

  /// Trains a network.
  ///
  /// - Parameters:
  ///   - rows: rows of the design to learn from.
  ///   - labels: the class of each row of the design.
  init(
    _ design: Design, rows: [Int], labels: [Int], classCount: Int, settings: Settings,
    generator: inout SeededGenerator, pace: Pace
  ) throws(AnalysisCancelled) {
    let shape = NetworkShape(
      features: design.denseWidth + design.sparse.width, hidden: settings.hidden,
      classCount: classCount)
    self.shape = shape
    weights = Self.start(shape, &generator)
    var rows = rows
    var next = rows.count
    var adam = Adam(count: weights.count)
    var gradient = [Float](repeating: 0, count: weights.count)
    let pass = NetworkPass(shape)
    let batch = min(LinearScores.block, rows.count)
    for step in 0..<settings.steps {
      try pace.spend(shape.work(rows: batch))
      if next + batch > rows.count {
        generator.shuffle(&rows)
        next = 0
      }
      let part = rows[next..<next + batch]
      next += batch
      let progress = Float(step) / Float(settings.steps)
      pass.load(design, part)
      pass.forward(weights, rows: batch)
      pass.backward(
        weights, labels: part.map { labels[$0] },
        noise: Float(settings.noise) * min(1, progress / Self.rise), into: &gradient)
      adam.step(
        &weights, gradient, rate: Self.rate * (1 - progress),
        decay: Float(settings.penalty) / Float(rows.count))
    }
  }

  /// Writes the probabilities of the true label of some rows to their places, `classCount` for each
  /// row of the design.
  func predict(
    _ design: Design, rows: [Int], into probabilities: inout [Float], pace: Pace
  ) throws(AnalysisCancelled) {
    let pass = NetworkPass(shape)
    for start in stride(from: 0, to: rows.count, by: LinearScores.block) {
      let part = rows[start..<min(start + LinearScores.block, rows.count)]
      try pace.spend(part.count * shape.weightCount)
      pass.load(design, part)
      pass.forward(weights, rows: part.count)
      for (position, row) in part.enumerated() {
        for label in 0..<shape.classCount {
          probabilities[row * shape.classCount + label] = pass.probability(position, label)
        }
      }
    }
  }

  /// Uniform weights whose variance is 2 over the inputs (He et al. 2015); 0 in the last layer.
  private static func start(_ shape: NetworkShape, _ generator: inout SeededGenerator) -> [Float] {
    var weights = [Float](repeating: 0, count: shape.weightCount)
    for layer in 0..<2 {
      let reach = (6 / Float(shape.inputs[layer])).squareRoot()
      // Constants begin at 0.
      for index in shape.starts[layer]..<shape.starts[layer + 1] - shape.hidden {
        weights[index] = (Float(generator.next() >> 40) / Float(1 << 23) - 1) * reach
      }
    }
    return weights
  }
}

/// Steps of weights by the first two moments of their gradients (Kingma and Ba 2015, algorithm 1).
private struct Adam {
  private static let first: Float = 0.9
  private static let second: Float = 0.999
  private static let least: Float = 1e-8

  private var means: [Float]
  private var squares: [Float]
  private var firstPower: Float = 1
  private var secondPower: Float = 1

  /// - Parameter count: a multiple of eight.
  init(count: Int) {
    means = [Float](repeating: 0, count: count)
    squares = means
  }

  /// - Parameter decay: what of each weight is added to its gradient.
  mutating func step(_ weights: inout [Float], _ gradient: [Float], rate: Float, decay: Float) {
    firstPower *= Self.first
    secondPower *= Self.second
    let pace = rate / (1 - firstPower)
    let share = 1 / (1 - secondPower)
    let count = weights.count
    weights.withUnsafeMutableBufferPointer { weights in
      gradient.withUnsafeBufferPointer { gradient in
        means.withUnsafeMutableBufferPointer { means in
          squares.withUnsafeMutableBufferPointer { squares in
            guard let w = weights.baseAddress, let g = gradient.baseAddress,
              let m = means.baseAddress, let s = squares.baseAddress
            else { return }
            for index in stride(from: 0, to: count, by: 8) {
              let slope = g.eight(index) + w.eight(index) * decay
              let mean = m.eight(index) * Self.first + slope * (1 - Self.first)
              let square = s.eight(index) * Self.second + slope * slope * (1 - Self.second)
              m.set(index, mean)
              s.set(index, square)
              let size = (square * share).squareRoot() + Self.least
              w.set(index, w.eight(index) - mean * pace / size)
            }
          }
        }
      }
    }
  }
}
