/// Minimises a smooth function of many variables with limited memory: L-BFGS with the last ten
/// pairs of steps and gradients (Liu and Nocedal 1989; Nocedal and Wright 2006, algorithm 7.5).
///
/// The line search asks for the weak Wolfe conditions by bracketing and interpolation. The first
/// variables may be bound to be at least 0: those that a step would take below it are held, and the
/// path is projected (Bertsekas 1982).
struct QuasiNewton {
  /// The most steps.
  var iterations = 60
  /// It ends once a step betters the value by a smaller share than this: of the log-likelihood of
  /// 10,000 rows by less than a hundredth.
  var tolerance = 1e-6
  /// How many of the first variables must not be negative.
  var nonNegative = 0

  private static let pairLimit = 10
  private static let sufficient = 1e-4
  private static let curvature = 0.9
  private static let searchLimit = 20

  /// A function: fills in the gradient at `x` and returns the value.
  typealias Function = (
    _ x: [Double], _ gradient: inout [Double]
  ) throws(AnalysisCancelled) -> Double

  /// Moves `x` to where the function is least nearby and returns the value there.
  func minimise(_ x: inout [Double], _ function: Function) throws(AnalysisCancelled) -> Double {
    let count = x.count
    var gradient = [Double](repeating: 0, count: count)
    var value = try function(x, &gradient)
    var memory = PairMemory(limit: Self.pairLimit)
    var next = x
    var nextGradient = gradient

    for _ in 0..<iterations {
      var direction = memory.direction(gradient, isHeld: { isHeld($0, x, gradient) })
      var slope = Self.dot(direction, gradient)
      if !(slope < 0) {
        memory.forget()
        direction = gradient.indices.map { isHeld($0, x, gradient) ? 0 : -gradient[$0] }
        slope = Self.dot(direction, gradient)
      }
      guard slope < 0 else { break }

      let isFirst = memory.isEmpty
      var step = isFirst ? min(1, 1 / Self.dot(direction, direction).squareRoot()) : 1
      var low = 0.0
      var high = Double.infinity
      var nextValue = value
      var isFound = false
      for _ in 0..<Self.searchLimit {
        var isProjected = false
        var moved = 0.0
        for index in 0..<count {
          var target = x[index] + step * direction[index]
          if index < nonNegative, target < 0 {
            target = 0
            isProjected = true
          }
          next[index] = target
          moved += gradient[index] * (target - x[index])
        }
        nextValue = try function(next, &nextGradient)
        if !(nextValue <= value + Self.sufficient * moved) || moved > 0 {
          high = step
          // The least of the parabola through both values and the slope, within bounds.
          let least =
            nextValue.isFinite
            ? -slope * step * step / (2 * (nextValue - value - slope * step)) : step / 10
          step = max(low + 0.1 * (high - low), min(low + 0.5 * (high - low), least))
          continue
        }
        isFound = true
        if isProjected || Self.dot(nextGradient, direction) >= Self.curvature * slope { break }
        low = step
        step = high.isFinite ? (low + high) / 2 : step * (isFirst ? 4 : 2)
      }
      guard isFound, nextValue <= value else { break }
      memory.add(from: x, gradient, to: next, nextGradient)
      let gain = value - nextValue
      swap(&x, &next)
      swap(&gradient, &nextGradient)
      let scale = max(abs(value), abs(nextValue), 1)
      value = nextValue
      if gain <= tolerance * scale { break }
    }
    return value
  }

  private func isHeld(_ index: Int, _ x: [Double], _ gradient: [Double]) -> Bool {
    index < nonNegative && x[index] <= 0 && gradient[index] > 0
  }

  static func dot(_ a: [Double], _ b: [Double]) -> Double {
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        // Two sums, so that an addition need not wait for the one before.
        var (even, odd) = (0.0, 0.0)
        var index = 0
        while index + 2 <= a.count {
          even += a[index] * b[index]
          odd += a[index + 1] * b[index + 1]
          index += 2
        }
        return even + odd + (index < a.count ? a[index] * b[index] : 0)
      }
    }
  }
}

/// The last steps and the changes of the gradient along them, as floats: they only shape the
/// direction, and are the most memory that a model of many features takes.
private struct PairMemory {
  private struct Pair {
    var step: [Float]
    var change: [Float]
    /// 1 over the product of both, which is positive.
    var inverse: Double
  }

  let limit: Int
  private var pairs: [Pair] = []
  private var scale = 1.0

  init(limit: Int) { self.limit = limit }

  var isEmpty: Bool { pairs.isEmpty }

  mutating func forget() { pairs = [] }

  mutating func add(from x: [Double], _ gradient: [Double], to y: [Double], _ next: [Double]) {
    var product = 0.0
    var square = 0.0
    for index in x.indices {
      let change = next[index] - gradient[index]
      product += (y[index] - x[index]) * change
      square += change * change
    }
    // Where the function is not convex along the step the pair says nothing of its least.
    guard product > 1e-10 * square, square > 0 else { return }
    if pairs.count == limit { pairs.removeFirst() }
    pairs.append(
      Pair(
        step: x.indices.map { Float(y[$0] - x[$0]) },
        change: x.indices.map { Float(next[$0] - gradient[$0]) }, inverse: 1 / product))
    scale = product / square
  }

  /// Minus the estimated inverse Hessian times the gradient; 0 for variables that are held.
  func direction(_ gradient: [Double], isHeld: (Int) -> Bool) -> [Double] {
    var result = gradient.indices.map { isHeld($0) ? 0 : -gradient[$0] }
    guard !pairs.isEmpty else { return result }
    var shares = [Double](repeating: 0, count: pairs.count)
    for index in pairs.indices.reversed() {
      shares[index] = pairs[index].inverse * Self.dot(pairs[index].step, result)
      Self.add(-shares[index], pairs[index].change, to: &result)
    }
    for index in result.indices { result[index] *= scale }
    for index in pairs.indices {
      let share = shares[index] - pairs[index].inverse * Self.dot(pairs[index].change, result)
      Self.add(share, pairs[index].step, to: &result)
    }
    for index in result.indices where result[index] != 0 && isHeld(index) { result[index] = 0 }
    return result
  }

  private static func dot(_ a: [Float], _ b: [Double]) -> Double {
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        var (even, odd) = (0.0, 0.0)
        var index = 0
        while index + 2 <= a.count {
          even += Double(a[index]) * b[index]
          odd += Double(a[index + 1]) * b[index + 1]
          index += 2
        }
        return even + odd + (index < a.count ? Double(a[index]) * b[index] : 0)
      }
    }
  }

  private static func add(_ factor: Double, _ vector: [Float], to result: inout [Double]) {
    vector.withUnsafeBufferPointer { vector in
      result.withUnsafeMutableBufferPointer { result in
        for index in 0..<vector.count { result[index] += factor * Double(vector[index]) }
      }
    }
  }
}
