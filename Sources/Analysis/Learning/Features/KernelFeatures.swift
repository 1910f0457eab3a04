import Foundation

/// Features by which a linear model comes to a Gaussian kernel's: similarities to some landmark rows,
/// turned so that their products are the kernel (Nyström approximation: Williams and Seeger 2001).
struct KernelFeatures {
  private static let ridge = 1e-3

  private let rowCount: Int
  private let imputations: Imputations
  private let landmarks: [Int]
  /// Squared distances from each row to each landmark.
  private let distances: [Float]

  /// - Parameters:
  ///   - design: rows to make features of.
  ///   - landmarks: rows of the design.
  init(_ design: Design, landmarks: [Int], pace: Pace) throws(AnalysisCancelled) {
    rowCount = design.rowCount
    imputations = design.imputations
    self.landmarks = landmarks
    distances = try design.squaredDistances(to: landmarks, pace)
  }

  /// The features for the kernel exp(-width |a - b|²).
  func design(width: Double, pace: Pace) throws(AnalysisCancelled) -> Design {
    let count = landmarks.count
    func kernel(_ distance: Float) -> Double { exp(-width * Double(distance)) }
    var gram = [Double](repeating: 0, count: count * count)
    for (i, row) in landmarks.enumerated() {
      for j in 0...i {
        gram[i * count + j] = kernel(distances[row * count + j]) + (i == j ? Self.ridge : 0)
      }
    }
    Self.factorise(&gram, count)
    var columns = [[Float]](
      repeating: [Float](repeating: 0, count: rowCount), count: count)
    // Eight rows at once: one alone would wait for each addition.
    var solved = [SIMD8<Double>](repeating: .zero, count: count)
    for first in stride(from: 0, to: rowCount, by: 8) {
      let rows = first..<min(first + 8, rowCount)
      try pace.spend(rows.count * count * count)
      gram.withUnsafeBufferPointer { gram in
        solved.withUnsafeMutableBufferPointer { solved in
          for i in 0..<count {
            var sum = SIMD8<Double>.zero
            for row in rows { sum[row - first] = kernel(distances[row * count + i]) }
            let start = i * count
            for j in 0..<i { sum -= gram[start + j] * solved[j] }
            solved[i] = sum / gram[start + i]
          }
        }
      }
      for i in 0..<count {
        for row in rows { columns[i][row] = Float(solved[i][row - first]) }
      }
    }
    return Design(rowCount: rowCount, columns: columns, imputations: imputations)
  }

  /// Cholesky: the lower triangle becomes the factor.
  private static func factorise(_ matrix: inout [Double], _ count: Int) {
    matrix.withUnsafeMutableBufferPointer { matrix in
      for i in 0..<count {
        for j in 0...i {
          var sum = matrix[i * count + j]
          for k in 0..<j { sum -= matrix[i * count + k] * matrix[j * count + k] }
          // The ridge keeps what is left of the diagonal above rounding.
          matrix[i * count + j] =
            i == j ? max(sum, ridge / 2).squareRoot() : sum / matrix[j * count + j]
        }
      }
    }
  }
}

extension Design {
  /// Squared distances from each row to some of them, row-major.
  fileprivate func squaredDistances(
    to landmarks: [Int], _ pace: Pace
  ) throws(AnalysisCancelled) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(rowCount * landmarks.count)
    for row in 0..<rowCount {
      try pace.spend(landmarks.count * meanWork * 2)
      for landmark in landmarks { result.append(squaredDistance(row, landmark)) }
    }
    return result
  }

  /// Sums in eight lanes, in which sparse features have places as if they were dense: what is 0 in
  /// both rows adds nothing.
  private func squaredDistance(_ row: Int, _ other: Int) -> Float {
    var sum = Floats.zero
    dense.withUnsafeBufferPointer { dense in
      guard let base = dense.baseAddress else { return }
      let (a, b) = (base + row * denseWidth, base + other * denseWidth)
      for index in stride(from: 0, to: denseWidth, by: 8) {
        let difference = a.eight(index) - b.eight(index)
        sum += difference * difference
      }
    }
    var (left, right) = (sparse.starts[row], sparse.starts[other])
    let (leftEnd, rightEnd) = (sparse.starts[row + 1], sparse.starts[other + 1])
    while left < leftEnd || right < rightEnd {
      let first = left < leftEnd ? sparse.columns[left] : .max
      let second = right < rightEnd ? sparse.columns[right] : .max
      var difference: Float = 0
      if first <= second {
        difference += sparse.values[left]
        left += 1
      }
      if second <= first {
        difference -= sparse.values[right]
        right += 1
      }
      sum[Int(min(first, second) % 8)] += difference * difference
    }
    return sum.total
  }
}
