/// Chooses the model by the log loss of cross-validated probabilities: how strongly it is held
/// back, and whether products of numbers help it. Nothing in it is tuned to any data.
struct ModelSelection {
  struct Choice: Sendable, Equatable {
    var cost: Double
    var withProducts: Bool
    var logLoss: Double
  }

  /// Enough to rank candidates; larger tables are judged by a sample of this size.
  static let sampleLimit = 5_000
  static let costs = [0.001, 0.01, 0.1, 1, 10, 100]
  /// A candidate that costs more must better the loss by this share.
  static let worthwhile = 0.001
  /// Products are tried up to this many columns of numbers and features in all.
  static let productColumnLimit = 30
  static let productCellLimit = 5_000_000

  let table: Table
  let columns: [Int]
  let rows: [Int]
  let classes: [Int]
  let classCount: Int

  /// - Returns: nil if no column gives a feature.
  func choose(
    folds: Int, generator: inout SeededGenerator, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Choice? {
    let sample = sample(&generator)
    let sampleClasses = sample.map { classes[$0] }
    let partition = StratifiedFolds(
      classes: sampleClasses, classCount: classCount, count: folds, generator: &generator)
    let model = OutOfSampleModel(classes: sampleClasses, classCount: classCount)
    let variants = productsAreAffordable ? [false, true] : [false]
    var best: Choice?
    for (step, withProducts) in variants.enumerated() {
      let matrix = FeatureMatrix(
        table: table, columns: columns, rows: sample.map { rows[$0] }, withProducts: withProducts)
      guard matrix.featureCount > 0 else { return nil }
      var previous = Double.infinity
      for (index, cost) in Self.costs.enumerated() {
        let done = Double(step * Self.costs.count + index)
        let total = Double(variants.count * Self.costs.count)
        let probabilities = try model.predict(
          matrix, partitions: [partition], cost: cost,
          checkpoint: checkpoint.part(from: done / total, to: (done + 1) / total))
        let logLoss = model.logLoss(probabilities)
        if logLoss < (best?.logLoss ?? .infinity) * (1 - Self.worthwhile) {
          best = Choice(cost: cost, withProducts: withProducts, logLoss: logLoss)
        }
        // The loss has one valley along the cost; beyond it, training only takes longer.
        if logLoss > previous { break }
        previous = logLoss
      }
    }
    return best
  }

  private var productsAreAffordable: Bool {
    let numeric = columns.count { table.columns[$0].type.isNumeric }
    return (1...Self.productColumnLimit).contains(numeric)
      && numeric * (numeric + 1) / 2 * rows.count <= Self.productCellLimit
  }

  /// Positions in `rows`, in ascending order.
  private func sample(_ generator: inout SeededGenerator) -> [Int] {
    var positions = Array(rows.indices)
    guard positions.count > Self.sampleLimit else { return positions }
    generator.shuffle(&positions)
    return positions.prefix(Self.sampleLimit).sorted()
  }
}
