/// The last stage's loss: probabilities of several models, raised to powers, multiplied, shifted by
/// class and normalised, behind a layer of label noise.
///
/// Parameters are the models' powers, which are not negative, then the classes' shifts. Ridges draw
/// the powers to each other, their mean to an equal share, and the shifts to 0.
struct StackObjective {
  let modelCount: Int
  let classCount: Int
  /// The class of each row.
  let labels: [Int]
  /// For each model the logarithms of its probabilities, `classCount` for each row, and zeros up to a
  /// multiple of eight.
  private let logs: [[Float]]

  /// Smaller probabilities count as this: one model that is sure of a falsehood is not to overrule
  /// all others.
  static let least: Float = 1e-3
  static let ridge = 1.0
  /// That of the differences between powers: a few rows should not say which of like models to believe
  /// (a standard deviation of 0.4 in terms of a prior, where powers mostly are from 0.2 to 1).
  static let differenceRidge = 3.0

  /// - Parameters:
  ///   - candidates: for each model the out-of-sample probabilities, `classCount` for each row.
  ///   - rows: the rows to take; nil for all.
  init(candidates: [[Float]], labels: [Int], classCount: Int, rows: [Int]? = nil) {
    modelCount = candidates.count
    self.classCount = classCount
    let rows = rows ?? Array(labels.indices)
    self.labels = rows.map { labels[$0] }
    let size = (rows.count * classCount + 7) / 8 * 8
    logs = candidates.map { candidate in
      var result = [Float](repeating: 0, count: size)
      for (position, row) in rows.enumerated() {
        for label in 0..<classCount {
          let q = min(1, max(Self.least, candidate[row * classCount + label]))
          result[position * classCount + label] = Float(naturalLog(Double(q)))
        }
      }
      return result
    }
  }

  var rowCount: Int { labels.count }

  /// Equal shares and no shifts.
  var start: [Double] {
    [Double](repeating: 1 / Double(modelCount), count: modelCount)
      + [Double](repeating: 0, count: classCount)
  }

  /// Rows labelled with each class.
  var counts: [Int] {
    labels.reduce(into: [Int](repeating: 0, count: classCount)) { $0[$1] += 1 }
  }

  /// The log-likelihood of the labels if nothing but their shares is known.
  var logLikelihoodOfShares: Double {
    counts.reduce(0) { sum, count in
      count > 0 ? sum + Double(count) * naturalLog(Double(count) / Double(rowCount)) : sum
    }
  }

  /// Numbers that one evaluation looks at.
  var work: Int { rowCount * classCount * (modelCount * 2 + 8) }

  /// The loss and its gradient.
  func evaluate(_ x: [Double], _ gradient: inout [Double], noise: NoiseMatrix) -> Double {
    var loss = 0.0
    let mean = x[..<modelCount].reduce(0, +) / Double(modelCount)
    let offset = mean - 1 / Double(modelCount)
    loss += Self.ridge * Double(modelCount) * offset * offset
    for index in 0..<modelCount {
      let difference = x[index] - mean
      loss += Self.differenceRidge * difference * difference
      gradient[index] = 2 * Self.differenceRidge * difference + 2 * Self.ridge * offset
    }
    for index in modelCount..<x.count {
      loss += Self.ridge * x[index] * x[index]
      gradient[index] = 2 * Self.ridge * x[index]
    }
    var sum = LogSum()
    forEachBlock(x) { q, start, count in
      noise.byGiven.withUnsafeBufferPointer { byGiven in
        guard let byGiven = byGiven.baseAddress else { return }
        for position in 0..<count {
          let row = q + position * classCount
          let rates = byGiven + labels[start + position] * classCount
          var p: Float = 0
          for label in 0..<classCount {
            row[label] = max(row[label], 1e-12)
            p += row[label] * rates[label]
          }
          p = max(p, 1e-20)
          sum.add(Double(p))
          let share = 1 / p
          for label in 0..<classCount {
            row[label] -= row[label] * rates[label] * share
            gradient[modelCount + label] += Double(row[label])
          }
        }
      }
      for (model, values) in logs.enumerated() {
        values.withUnsafeBufferPointer { values in
          guard let base = values.baseAddress else { return }
          var total = Floats.zero
          for index in stride(from: 0, to: count * classCount, by: 8) {
            // Beyond the block's rows `q` holds zeros.
            total += q.eight(index) * base.eight(start * classCount + index)
          }
          gradient[model] += Double(total.total)
        }
      }
    }
    return loss - sum.value
  }

  /// Calls `body` with the true classes' probabilities of some rows at a time, the first row's number
  /// and how many there are.
  func forEachBlock(
    _ x: [Double], _ body: (UnsafeMutablePointer<Float>, Int, Int) -> Void
  ) {
    let block = LinearScores.block
    withUnsafeTemporaryAllocation(of: Float.self, capacity: block * classCount) { buffer in
      guard let q = buffer.baseAddress else { return }
      for start in stride(from: 0, to: rowCount, by: block) {
        let count = min(block, rowCount - start)
        let size = count * classCount
        for position in 0..<count {
          for label in 0..<classCount {
            q[position * classCount + label] = Float(x[modelCount + label])
          }
        }
        let padded = (size + 7) / 8 * 8
        for index in size..<padded { q[index] = 0 }
        for (model, values) in logs.enumerated() {
          values.withUnsafeBufferPointer { values in
            guard let base = values.baseAddress else { return }
            let power = Floats(repeating: Float(x[model]))
            for index in stride(from: 0, to: padded, by: 8) {
              q.set(index, q.eight(index) + power * base.eight(start * classCount + index))
            }
          }
        }
        Link.probabilities(q, rows: count, outputs: classCount)
        for index in size..<padded { q[index] = 0 }
        body(q, start, count)
      }
    }
  }

  /// Expected rows by true and given class, `classCount` squared.
  func joint(_ x: [Double], noise: NoiseMatrix) -> [Double] {
    var joint = [Double](repeating: 0, count: classCount * classCount)
    forEachBlock(x) { q, start, count in
      for position in 0..<count {
        let given = labels[start + position]
        let row = q + position * classCount
        var p = 0.0
        for truth in 0..<classCount { p += Double(row[truth]) * noise[truth, given] }
        let share = p > 0 ? 1 / p : 0
        for truth in 0..<classCount {
          joint[truth * classCount + given] += Double(row[truth]) * noise[truth, given] * share
        }
      }
    }
    return joint
  }
}
