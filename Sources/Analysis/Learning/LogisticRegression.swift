import CLinear

/// L2-regularised logistic regression, one class against the rest, by liblinear (Fan et al. 2008).
///
/// The solver is `L2R_LR`, a trust region Newton method: unlike the dual ones it draws no random
/// numbers, so the same rows give the same model.
struct LogisticRegression: ~Copyable {
  private let model: UnsafeMutablePointer<model>
  private let labels: [Int32]
  private let classCount: Int

  /// liblinear prints while it trains; the setting is one for the process and only set once.
  private static let silence: Void = set_print_string_function { _ in }

  /// The constant feature that carries the intercept. liblinear penalises its weight like any
  /// other; the standardised features keep intercepts small.
  private static let bias = 1.0

  /// When to stop, relative to the first gradient: liblinear's default for this solver.
  private static let tolerance = 0.01

  /// Trains on some rows of `matrix`; `classes` has a class for each row of the matrix.
  ///
  /// - Parameter cost: liblinear's C, the weight of the data against the penalty.
  init(matrix: FeatureMatrix, rows: [Int], classes: [Int], classCount: Int, cost: Double) {
    _ = Self.silence
    var targets = rows.map { Double(classes[$0]) }
    self.classCount = classCount
    model = matrix.nodes.withUnsafeBufferPointer { nodes in
      // liblinear's types ask for mutable pointers, but `train` only reads the features.
      let base = UnsafeMutablePointer(mutating: nodes.baseAddress)
      var pointers: [UnsafeMutablePointer<feature_node>?] = rows.map { row in
        base.map { $0 + matrix.starts[row] }
      }
      return targets.withUnsafeMutableBufferPointer { targets in
        pointers.withUnsafeMutableBufferPointer { pointers in
          var problem = problem(
            l: Int32(rows.count), n: Int32(matrix.featureCount + 1), y: targets.baseAddress,
            x: pointers.baseAddress, bias: Self.bias)
          var parameter = parameter()
          parameter.solver_type = Int32(L2R_LR)
          parameter.eps = Self.tolerance
          parameter.C = cost
          return train(&problem, &parameter)
        }
      }
    }
    var labels = [Int32](repeating: 0, count: Int(get_nr_class(model)))
    get_labels(model, &labels)
    self.labels = labels
  }

  deinit {
    var pointer: UnsafeMutablePointer<CLinear.model>? = model
    free_and_destroy_model(&pointer)
  }

  /// The probabilities of all classes for a row, summing to one.
  func predict(_ matrix: FeatureMatrix, row: Int, into probabilities: inout [Double]) {
    var estimates = [Double](repeating: 0, count: labels.count)
    matrix.nodes.withUnsafeBufferPointer { nodes in
      if let base = nodes.baseAddress {
        _ = predict_probability(model, base + matrix.starts[row], &estimates)
      }
    }
    for (position, label) in labels.enumerated() {
      probabilities[row * classCount + Int(label)] = estimates[position]
    }
  }
}
