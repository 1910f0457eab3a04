/// Up to ``LinearScores/block`` rows on their way through a network and back.
final class NetworkPass {
  private let shape: NetworkShape
  /// The activations of each layer: rows of its inputs, and of the last one's outputs.
  private let activations: [MatrixView]
  /// Derivatives of the loss by what goes into the hidden units.
  private let slopes: [MatrixView]
  /// Room for a layer's weights turned round.
  private let turned: MatrixView

  /// Padding outputs get this score, and so no probability.
  private static let none: Float = -1e30

  init(_ shape: NetworkShape) {
    self.shape = shape
    func zeros(_ rows: Int, _ columns: Int) -> MatrixView {
      let base = UnsafeMutablePointer<Float>.allocate(capacity: rows * columns)
      base.initialize(repeating: 0, count: rows * columns)
      return MatrixView(base: base, rowStride: columns)
    }
    let block = LinearScores.block
    // Rows of hidden layers keep eight floats of room, so that the constant has a place.
    activations = [
      zeros(block, shape.inputs[0]), zeros(block, shape.hidden + 8),
      zeros(block, shape.hidden + 8), zeros(block, shape.outputs[2]),
    ]
    slopes = [zeros(block, shape.hidden), zeros(block, shape.hidden)]
    turned = zeros(max(shape.hidden, shape.outputs[2]), shape.hidden)
    for layer in 0..<3 {
      for row in 0..<block {
        activations[layer].base[row * activations[layer].rowStride + shape.inputs[layer] - 1] = 1
      }
    }
  }

  deinit { for matrix in activations + slopes + [turned] { matrix.base.deallocate() } }

  /// Takes up rows of a design.
  func load(_ design: Design, _ rows: ArraySlice<Int>) {
    let width = design.denseWidth
    let sparse = design.sparse
    for (position, row) in rows.enumerated() {
      let target = activations[0].base + position * shape.inputs[0]
      design.dense.withUnsafeBufferPointer { dense in
        if let base = dense.baseAddress { target.update(from: base + row * width, count: width) }
      }
      guard sparse.width > 0 else { continue }
      (target + width).update(repeating: 0, count: sparse.width)
      for entry in sparse.starts[row]..<sparse.starts[row + 1] {
        target[width + Int(sparse.columns[entry])] = sparse.values[entry]
      }
    }
  }

  /// Leads the rows to the probabilities of their true classes.
  func forward(_ weights: [Float], rows: Int) {
    withLayers(weights) { layers in
      for layer in 0..<3 {
        activations[layer + 1].set(
          to: activations[layer], times: layers[layer], rows: rows, shared: shape.inputs[layer],
          columns: shape.outputs[layer])
        guard layer < 2 else { continue }
        for row in 0..<rows {
          let units = activations[layer + 1].base + row * activations[layer + 1].rowStride
          for index in stride(from: 0, to: shape.hidden, by: 8) {
            let value = units.eight(index)
            units.set(index, value.replacing(with: 0, where: value .< 0))
          }
        }
      }
    }
    let outputs = shape.outputs[2]
    let scores = activations[3].base
    for row in 0..<rows {
      for padding in shape.classCount..<outputs { scores[row * outputs + padding] = Self.none }
    }
    Link.probabilities(scores, rows: rows, outputs: outputs)
  }

  /// The probability of a class of a row that was led forward.
  func probability(_ row: Int, _ label: Int) -> Float { activations[3][row, label] }

  /// The gradient of the rows' mean loss behind a layer of label noise.
  func backward(
    _ weights: [Float], labels: [Int], noise: Float, into gradient: inout [Float]
  ) {
    let rows = labels.count
    let outputs = shape.outputs[2]
    let scores = activations[3].base
    let share = 1 / Float(rows)
    for (row, label) in labels.enumerated() {
      let q = scores + row * outputs
      _ = Link.derivatives(q, outputs: shape.classCount, label: label, noise: noise)
      for index in 0..<shape.classCount { q[index] *= share }
    }
    withLayers(weights) { layers in
      gradient.withUnsafeMutableBufferPointer { gradient in
        guard let base = gradient.baseAddress else { return }
        var above = activations[3]
        for layer in (0..<3).reversed() {
          let columns = shape.outputs[layer]
          MatrixView(base: base + shape.starts[layer], rowStride: columns).set(
            to: activations[layer].transposed, times: above, rows: shape.inputs[layer],
            shared: rows, columns: columns)
          guard layer > 0 else { break }
          for column in 0..<columns {
            for unit in 0..<shape.hidden {
              turned.base[column * shape.hidden + unit] = layers[layer][unit, column]
            }
          }
          let below = slopes[layer - 1]
          below.set(
            to: above, times: turned, rows: rows, shared: columns, columns: shape.hidden)
          for row in 0..<rows {
            let units = activations[layer].base + row * activations[layer].rowStride
            let target = below.base + row * shape.hidden
            for index in stride(from: 0, to: shape.hidden, by: 8) {
              target.set(
                index, target.eight(index).replacing(with: 0, where: units.eight(index) .<= 0))
            }
          }
          above = below
        }
      }
    }
  }

  private func withLayers(_ weights: [Float], _ body: ([MatrixView]) -> Void) {
    weights.withUnsafeBufferPointer { weights in
      guard let base = weights.baseAddress else { return }
      body(
        (0..<3).map {
          // Only read.
          MatrixView(
            base: UnsafeMutablePointer(mutating: base) + shape.starts[$0],
            rowStride: shape.outputs[$0])
        })
    }
  }
}
