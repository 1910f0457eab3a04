import CXGBoost

/// Gradient-boosted trees by libxgboost (Chen and Guestrin: "XGBoost: A Scalable Tree Boosting
/// System", KDD 2016), grown round by round on histograms of the features.
///
///     let training = try BoostingMatrix(binning: features, rows: training, labels: labels)
///     let booster = try GradientBoosting(.init(objective: .binary), training: training)
///     for _ in 0..<100 { try booster.update() }
///     let probabilities = try booster.predict(features, rows: others)
///
/// Works on the calling thread alone. A model depends on its settings, training rows and rounds only:
/// each round seeds libxgboost's generator anew, so that several boosters may take turns.
final class GradientBoosting {
  /// What is learnt.
  enum Objective: Sendable, Equatable {
    /// Labels 0 and 1; the prediction is the probability of 1.
    case binary
    /// Labels from 0 below the count; the prediction is a probability for each.
    case classes(Int)
    /// Numbers, by squared error. Boosting starts at 0.5, so labels should be on a scale near 1.
    case squaredError
  }

  /// How trees are grown; defaults are those of libxgboost.
  struct Settings: Sendable, Equatable {
    var objective: Objective
    var maxDepth = 6
    /// The share of a round's step that is taken.
    var learningRate = 0.3
    /// The penalty on squared leaf values.
    var lambda = 1.0
    /// The least sum of second derivatives in a leaf.
    var minChildWeight = 1.0
    /// The share of the rows that a round is grown on.
    var rowShare = 1.0
    /// The share of the features that a tree may use.
    var columnShare = 1.0
    var seed: UInt32 = 0
  }

  /// Rounds without gain after which growing stops.
  static func patience(at learningRate: Double) -> Int { max(8, Int(1.5 / learningRate)) }

  /// Values that are copied at once to be predicted when there is no matrix of them.
  private static let valuesAtOnce = 1 << 18

  /// Rounds so far.
  private(set) var rounds = 0
  /// Numbers that a prediction has for each row.
  let outputCount: Int

  private let handle: BoosterHandle
  private let training: BoostingMatrix
  private let watched: [BoostingMatrix]

  /// Begins a model without trees.
  ///
  /// - Parameter watched: matrices that are predicted after each round: their predictions are kept,
  ///   so that a round costs its own trees only.
  init(
    _ settings: Settings, training: BoostingMatrix, watched: [BoostingMatrix] = []
  ) throws(BoostingError) {
    let matrices = ([training] + watched).map { Optional($0.handle) }
    var made: BoosterHandle?
    try BoostingError.check("begin") { XGBoosterCreate(matrices, UInt64(matrices.count), &made) }
    guard let made else { throw BoostingError(operation: "begin", message: "no model was made") }
    handle = made
    self.training = training
    self.watched = watched
    outputCount = settings.outputCount
    for (name, value) in settings.parameters {
      try BoostingError.check("set \(name)") { XGBoosterSetParam(made, name, value) }
    }
  }

  deinit { XGBoosterFree(handle) }

  /// Grows the trees of the next round.
  func update() throws(BoostingError) {
    try BoostingError.check("grow trees") {
      XGBoosterUpdateOneIter(handle, Int32(rounds), training.handle)
    }
    rounds += 1
  }

  /// Predictions for all rows of a matrix, `outputCount` for each.
  ///
  /// - Parameter rounds: how many rounds' trees to ask, from 1; nil for all. Fewer than all make the
  ///   model forget the predictions it keeps of a watched matrix.
  func predict(_ matrix: BoostingMatrix, rounds: Int? = nil) throws(BoostingError) -> [Float] {
    let configuration = Self.configuration(rounds ?? self.rounds)
    return try received(matrix.rowCount) { shape, dimensions, values in
      XGBoosterPredictFromDMatrix(
        handle, matrix.handle, configuration, shape, dimensions, values)
    }
  }

  /// Predictions for some rows, `outputCount` for each, in their order. Needs no copy of the features
  /// beyond a few thousand rows.
  ///
  /// - Parameter rounds: how many rounds' trees to ask, from 1; nil for all.
  func predict(
    _ features: TreeFeatures, rows: [Int], rounds: Int? = nil
  ) throws(BoostingError) -> [Float] {
    let configuration = Self.configuration(rounds ?? self.rounds)
    var result: [Float] = []
    result.reserveCapacity(rows.count * outputCount)
    let rowsAtOnce = max(1, Self.valuesAtOnce / features.columns.count)
    for start in stride(from: 0, to: rows.count, by: rowsAtOnce) {
      let block = rows[start..<min(start + rowsAtOnce, rows.count)]
      result += try received(block.count) { shape, dimensions, values in
        features.withRows(block) { buffer in
          let array = BoostingMatrix.interface(buffer, rows: block.count)
          return XGBoosterPredictFromDense(
            handle, array, configuration, nil, shape, dimensions, values)
        }
      }
    }
    return result
  }

  private func received(
    _ rowCount: Int,
    _ call: (
      UnsafeMutablePointer<UnsafePointer<UInt64>?>, UnsafeMutablePointer<UInt64>,
      UnsafeMutablePointer<UnsafePointer<Float>?>
    ) -> Int32
  ) throws(BoostingError) -> [Float] {
    precondition(rounds > 0, "a model without trees predicts nothing")
    var shape: UnsafePointer<UInt64>?
    var dimensions: UInt64 = 0
    var values: UnsafePointer<Float>?
    try BoostingError.check("predict") { call(&shape, &dimensions, &values) }
    guard let values else { throw BoostingError(operation: "predict", message: "no values") }
    // The values are the library's own and change with its next call.
    return Array(UnsafeBufferPointer(start: values, count: rowCount * outputCount))
  }

  private static func configuration(_ rounds: Int) -> String {
    """
    {"type": 0, "training": false, "iteration_begin": 0, "iteration_end": \(rounds), \
    "strict_shape": true, "missing": NaN, "cache_id": 0}
    """
  }
}

extension GradientBoosting.Settings {
  fileprivate var outputCount: Int {
    if case .classes(let count) = objective { count } else { 1 }
  }

  fileprivate var parameters: [(String, String)] {
    let goal: [(String, String)] =
      switch objective {
      case .binary: [("objective", "binary:logistic")]
      case .classes(let count): [("objective", "multi:softprob"), ("num_class", "\(count)")]
      case .squaredError: [("objective", "reg:squarederror")]
      }
    return goal + [
      ("tree_method", "hist"), ("max_bin", "\(BoostingMatrix.bins)"), ("max_depth", "\(maxDepth)"),
      ("eta", "\(learningRate)"), ("lambda", "\(lambda)"),
      ("min_child_weight", "\(minChildWeight)"), ("subsample", "\(rowShare)"),
      ("colsample_bytree", "\(columnShare)"), ("seed", "\(seed)"), ("seed_per_iteration", "1"),
      ("nthread", "1"), ("verbosity", "0"),
    ]
  }
}

/// libxgboost could not do what it was asked to.
struct BoostingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was tried.
  var operation: String
  /// The library's words.
  var message: String

  var description: String { "libxgboost could not \(operation): \(message)" }

  static func check(
    _ operation: String, _ call: () -> Int32
  ) throws(BoostingError) {
    guard call() != 0 else { return }
    // The first line says what is wrong; a stack trace follows.
    let text = XGBGetLastError().map { String(cString: $0) } ?? ""
    let line = text.split(separator: "\n").first.map(String.init) ?? "no message"
    throw BoostingError(operation: operation, message: line)
  }
}
