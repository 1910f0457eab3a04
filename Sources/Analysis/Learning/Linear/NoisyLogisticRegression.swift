/// Logistic regression behind a layer of label noise: a model q(x) of the true label is fitted to
/// given labels that are another one's with probability `noise`, all others alike,
///
///     p(given y | x) = (1 - noise) q_y + noise / (K - 1) (1 - q_y),
///
/// so that wrong labels cannot pull at it without bound (label-noise robust logistic regression:
/// Bootkrajang and Kabán 2012; forward correction: Patrini et al. 2017). An L2 penalty holds all
/// weights but the constants back. Two classes share one score.
struct NoisyLogisticRegression: Sendable {
  /// How a model is fitted.
  struct Settings: Sendable, Equatable {
    /// The weight of half the squared length of the weights, beside the summed loss.
    var penalty: Double
    /// The share of wrong labels that is reckoned with.
    var noise: Double
  }

  let classCount: Int
  /// In the order of ``LinearScores``.
  private(set) var weights: [Double]

  /// Fits a model.
  ///
  /// - Parameters:
  ///   - rows: rows of the design to learn from.
  ///   - labels: the class of each row of the design.
  ///   - start: weights to begin with; nil for zero. The loss has one valley only without noise.
  init(
    _ design: Design, rows: [Int], labels: [Int], classCount: Int, settings: Settings,
    start: [Double]? = nil, pace: Pace
  ) throws(AnalysisCancelled) {
    self.classCount = classCount
    let linear = LinearScores(design: design, outputs: Self.outputs(classCount))
    let objective = NoisyLoss(
      linear: linear, rows: rows, labels: labels, classCount: classCount, settings: settings)
    var weights = start ?? [Double](repeating: 0, count: linear.weightCount)
    let work = rows.count * design.meanWork * linear.outputs * 2
    _ = try QuasiNewton().minimise(&weights) { x, gradient throws(AnalysisCancelled) in
      try pace.spend(work)
      return objective.evaluate(x, &gradient)
    }
    self.weights = weights
  }

  /// Scores that a row has.
  static func outputs(_ classCount: Int) -> Int { classCount == 2 ? 1 : classCount }

  /// Writes the probabilities of the true label of some rows to their places, `classCount` for each
  /// row of the design.
  func predict(_ design: Design, rows: [Int], into probabilities: inout [Float]) {
    let linear = LinearScores(design: design, outputs: Self.outputs(classCount))
    let floats = weights.map { Float($0) }
    let block = LinearScores.block
    var scores = [Float](repeating: 0, count: block * linear.outputs)
    rows.withUnsafeBufferPointer { rows in
      for start in stride(from: 0, to: rows.count, by: block) {
        let part = UnsafeBufferPointer(rebasing: rows[start..<min(start + block, rows.count)])
        scores.withUnsafeMutableBufferPointer { scores in
          floats.withUnsafeBufferPointer { floats in
            guard let z = scores.baseAddress, let w = floats.baseAddress else { return }
            linear.scores(part, weights: w, into: z)
            Link.probabilities(z, rows: part.count, outputs: linear.outputs)
            for (position, row) in part.enumerated() {
              if classCount == 2 {
                probabilities[2 * row] = 1 - z[position]
                probabilities[2 * row + 1] = z[position]
              } else {
                for label in 0..<classCount {
                  probabilities[row * classCount + label] = z[position * classCount + label]
                }
              }
            }
          }
        }
      }
    }
  }
}

/// From scores to probabilities.
enum Link {
  /// Replaces scores by probabilities: of class 1 if there is one score a row, else of all.
  ///
  /// - Parameter scores: room for ``LinearScores/block`` rows.
  @inline(__always)
  static func probabilities(_ scores: UnsafeMutablePointer<Float>, rows: Int, outputs: Int) {
    if outputs == 1 {
      let one = Floats(repeating: 1)
      for position in stride(from: 0, to: rows, by: 8) {
        let q = one / (one + (Floats.zero - scores.eight(position)).exponential)
        scores.set(position, q)
      }
      return
    }
    for row in 0..<rows {
      let z = scores + row * outputs
      var most = z[0]
      for output in 1..<outputs { most = max(most, z[output]) }
      for output in 0..<outputs { z[output] -= most }
    }
    for position in stride(from: 0, to: rows * outputs, by: 8) {
      scores.set(position, scores.eight(position).exponential)
    }
    for row in 0..<rows {
      let z = scores + row * outputs
      var sum: Float = 0
      for output in 0..<outputs { sum += z[output] }
      let share = 1 / sum
      for output in 0..<outputs { z[output] *= share }
    }
  }

  /// Replaces a row's probabilities by the derivatives of its loss by its scores, behind a layer of
  /// label noise.
  ///
  /// - Returns: the probability of the given label.
  @inline(__always)
  static func derivatives(
    _ q: UnsafeMutablePointer<Float>, outputs: Int, label: Int, noise: Float
  ) -> Float {
    let other = noise / Float(outputs - 1)
    let own = max(q[label], 1e-12)
    let p = (1 - noise) * own + other * (1 - own)
    let rest = 1 - other / p
    for index in 0..<outputs { q[index] *= rest }
    q[label] = own * (1 - (1 - noise) / p)
    return max(p, 1e-12)
  }
}

/// The penalised loss of some rows and its gradient.
private struct NoisyLoss {
  let linear: LinearScores
  let rows: [Int]
  let labels: [Int]
  let classCount: Int
  let settings: NoisyLogisticRegression.Settings

  func evaluate(_ x: [Double], _ gradient: inout [Double]) -> Double {
    let weights = x.map { Float($0) }
    var penalty = 0.0
    for index in 0..<linear.constants {
      penalty += x[index] * x[index]
      gradient[index] = settings.penalty * x[index]
    }
    for index in linear.constants..<x.count { gradient[index] = 0 }
    var logs = LogSum()
    let block = LinearScores.block
    let width = linear.outputs * linear.design.denseWidth
    withUnsafeTemporaryAllocation(of: Float.self, capacity: block * linear.outputs + width) {
      buffer in
      buffer.initialize(repeating: 0)
      weights.withUnsafeBufferPointer { weights in
        gradient.withUnsafeMutableBufferPointer { gradient in
          rows.withUnsafeBufferPointer { rows in
            guard let scores = buffer.baseAddress, let w = weights.baseAddress,
              let g = gradient.baseAddress
            else { return }
            let scratch = scores + block * linear.outputs
            for start in stride(from: 0, to: rows.count, by: block) {
              let part = UnsafeBufferPointer(
                rebasing: rows[start..<min(start + block, rows.count)])
              linear.scores(part, weights: w, into: scores)
              Link.probabilities(scores, rows: part.count, outputs: linear.outputs)
              residuals(part, scores, &logs)
              linear.addGradient(part, residuals: scores, scratch: scratch, to: g)
            }
          }
        }
      }
    }
    return settings.penalty / 2 * penalty - logs.value
  }

  /// Replaces probabilities by derivatives of the loss by the scores.
  @inline(__always)
  private func residuals(
    _ rows: UnsafeBufferPointer<Int>, _ values: UnsafeMutablePointer<Float>, _ logs: inout LogSum
  ) {
    let noise = Float(settings.noise)
    if classCount == 2 {
      for (position, row) in rows.enumerated() {
        let isOne = labels[row] == 1
        let q = isOne ? values[position] : 1 - values[position]
        let p = max(noise + (1 - 2 * noise) * q, 1e-12)
        logs.add(Double(p))
        let slope = (1 - 2 * noise) * q * (1 - q) / p
        values[position] = isOne ? -slope : slope
      }
      return
    }
    for (position, row) in rows.enumerated() {
      let p = Link.derivatives(
        values + position * classCount, outputs: classCount, label: labels[row], noise: noise)
      logs.add(Double(p))
    }
  }
}
