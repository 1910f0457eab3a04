import VectorLoops

/// Scores of rows that are linear in their features, and what a change of the weights does to them.
///
/// Weights are one vector: for each output the weights of the dense features, then for each sparse
/// feature its weights for all outputs, then for each output its constant. In this order both loops
/// run along memory.
struct LinearScores {
  /// Rows looked at together: few enough that they stay in the processor's cache.
  static let block = 128

  let design: Design
  let outputs: Int

  var weightCount: Int { outputs * (design.denseWidth + design.sparse.width + 1) }
  /// Where the constants begin: all before is penalised.
  var constants: Int { weightCount - outputs }
  private var sparseStart: Int { outputs * design.denseWidth }

  /// Fills in the scores of up to ``block`` rows, `outputs` for each.
  @inline(__always)
  func scores(
    _ rows: UnsafeBufferPointer<Int>, weights: UnsafePointer<Float>,
    into scores: UnsafeMutablePointer<Float>
  ) {
    let outputs = outputs
    let constants = weights + constants
    for position in 0..<rows.count {
      for output in 0..<outputs { scores[position * outputs + output] = constants[output] }
    }
    withDense(rows) { clean_add_scores($0, weights, outputs, scores) }
    guard design.sparse.width > 0 else { return }
    let sparse = weights + sparseStart
    design.sparse.withPointers { starts, columns, values in
      for (position, row) in rows.enumerated() {
        let z = scores + position * outputs
        if outputs == 1 {
          var sum: Float = 0
          for entry in starts[row]..<starts[row + 1] {
            sum += values[entry] * sparse[Int(columns[entry])]
          }
          z[0] += sum
        } else {
          for entry in starts[row]..<starts[row + 1] {
            let w = sparse + Int(columns[entry]) * outputs
            let value = values[entry]
            for output in 0..<outputs { z[output] += value * w[output] }
          }
        }
      }
    }
  }

  /// Adds to the gradient what up to ``block`` rows contribute.
  ///
  /// - Parameters:
  ///   - residuals: derivatives by the scores, `outputs` for each row.
  ///   - scratch: `outputs * denseWidth` floats of any value.
  @inline(__always)
  func addGradient(
    _ rows: UnsafeBufferPointer<Int>, residuals: UnsafePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, to gradient: UnsafeMutablePointer<Double>
  ) {
    let width = design.denseWidth
    let outputs = outputs
    if width > 0 {
      // Floats do for a block; the sum of all blocks is of doubles.
      scratch.update(repeating: 0, count: outputs * width)
      withDense(rows) { clean_add_gradient($0, residuals, outputs, scratch) }
      for index in 0..<(outputs * width) { gradient[index] += Double(scratch[index]) }
    }
    if design.sparse.width > 0 {
      let sparse = gradient + sparseStart
      design.sparse.withPointers { starts, columns, values in
        for (position, row) in rows.enumerated() {
          let g = residuals + position * outputs
          for entry in starts[row]..<starts[row + 1] {
            let target = sparse + Int(columns[entry]) * outputs
            let value = values[entry]
            for output in 0..<outputs { target[output] += Double(value * g[output]) }
          }
        }
      }
    }
    let constants = gradient + constants
    for position in rows.indices {
      for output in 0..<outputs {
        constants[output] += Double(residuals[position * outputs + output])
      }
    }
  }
}

extension LinearScores {
  /// The dense features of some rows, if there are any.
  @inline(__always)
  private func withDense(_ rows: UnsafeBufferPointer<Int>, _ body: (clean_rows) -> Void) {
    guard design.denseWidth > 0, let places = rows.baseAddress else { return }
    design.dense.withUnsafeBufferPointer { dense in
      guard let base = dense.baseAddress else { return }
      body(clean_rows(features: base, width: design.denseWidth, rows: places, count: rows.count))
    }
  }
}

extension SparseRows {
  @inline(__always)
  fileprivate func withPointers(
    _ body: (UnsafePointer<Int>, UnsafePointer<UInt32>, UnsafePointer<Float>) -> Void
  ) {
    starts.withUnsafeBufferPointer { starts in
      columns.withUnsafeBufferPointer { columns in
        values.withUnsafeBufferPointer { values in
          guard let a = starts.baseAddress, let b = columns.baseAddress, let c = values.baseAddress
          else { return }
          body(a, b, c)
        }
      }
    }
  }
}
