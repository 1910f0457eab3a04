/// How wide a network's layers are, and where their weights and activations lie.
///
/// A layer's weights are a matrix of its inputs by its outputs; the last input is always 1, so that the
/// last row holds the constants.
struct NetworkShape: Sendable, Equatable {
  /// Units of each hidden layer, a multiple of eight.
  let hidden: Int
  let classCount: Int
  /// Inputs of each layer, the constant among them.
  let inputs: [Int]
  /// Outputs of each layer, a multiple of eight.
  let outputs: [Int]
  /// Where each layer's weights begin, and how many there are in all.
  let starts: [Int]

  init(features: Int, hidden: Int, classCount: Int) {
    self.hidden = hidden
    self.classCount = classCount
    inputs = [features + 1, hidden + 1, hidden + 1]
    outputs = [hidden, hidden, (classCount + 7) / 8 * 8]
    var starts = [0]
    for (inputs, outputs) in zip(inputs, outputs) {
      starts.append(starts[starts.count - 1] + inputs * outputs)
    }
    self.starts = starts
  }

  var weightCount: Int { starts[starts.count - 1] }

  /// Additions and multiplications of a step: a way forward and two back for each row, and ten or so
  /// for each weight.
  func work(rows: Int) -> Int { (3 * rows + 10) * weightCount }
}
