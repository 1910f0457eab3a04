import Foundation

/// Features by which a linear model comes to a Gaussian kernel's: similarities to some landmark rows,
/// turned so that their products are the kernel (Nyström approximation: Williams and Seeger 2001).
struct KernelFeatures {
  private static let ridge = 1e-3

  private let points: DensePoints
  private let landmarks: [Int]
  /// Squared distances from each row to each landmark.
  private let distances: [Float]

  /// - Parameters:
  ///   - design: rows to make features of.
  ///   - landmarks: rows of the design.
  init(_ design: Design, landmarks: [Int]) {
    points = DensePoints(design)
    self.landmarks = landmarks
    distances = points.squaredDistances(to: landmarks)
  }

  /// The features for the kernel exp(-width |a - b|²).
  func design(width: Double) -> Design {
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
      repeating: [Float](repeating: 0, count: points.rowCount), count: count)
    var solved = [Double](repeating: 0, count: count)
    for row in 0..<points.rowCount {
      gram.withUnsafeBufferPointer { gram in
        solved.withUnsafeMutableBufferPointer { solved in
          for i in 0..<count {
            var sum = kernel(distances[row * count + i])
            let start = i * count
            for j in 0..<i { sum -= gram[start + j] * solved[j] }
            solved[i] = sum / gram[start + i]
          }
        }
      }
      for i in 0..<count { columns[i][row] = Float(solved[i]) }
    }
    return Design(rowCount: points.rowCount, columns: columns)
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

/// Rows of a design as points.
private struct DensePoints {
  let rowCount: Int
  private let width: Int
  private let values: [Float]

  init(_ design: Design) {
    rowCount = design.rowCount
    width = design.denseWidth + (design.sparse.width + 7) / 8 * 8
    var values = [Float](repeating: 0, count: rowCount * width)
    for row in 0..<rowCount {
      for index in 0..<design.denseWidth {
        values[row * width + index] = design.dense[row * design.denseWidth + index]
      }
      for position in design.sparse.starts[row]..<design.sparse.starts[row + 1] {
        values[row * width + design.denseWidth + Int(design.sparse.columns[position])] =
          design.sparse.values[position]
      }
    }
    self.values = values
  }

  func squaredDistances(to landmarks: [Int]) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(rowCount * landmarks.count)
    values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return }
      for row in 0..<rowCount {
        let a = base + row * width
        for landmark in landmarks {
          let b = base + landmark * width
          var sum = Floats.zero
          var index = 0
          while index < width {
            let difference = a.eight(index) - b.eight(index)
            sum += difference * difference
            index += 8
          }
          result.append(sum.total)
        }
      }
    }
    return result
  }
}
