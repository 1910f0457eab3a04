import Foundation

/// Out-of-sample class probabilities: each row's come from models that did not see it.
struct OutOfSampleModel {
  let classes: [Int]
  let classCount: Int

  /// Probabilities for all rows of `matrix`, row-major, averaged over the given partitions.
  /// Rows in `excluded` are predicted but not learnt from.
  func predict(
    _ matrix: FeatureMatrix, partitions: [StratifiedFolds], cost: Double,
    excluded: Set<Int> = [], checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> [Double] {
    var total = [Double](repeating: 0, count: matrix.rowCount * classCount)
    for (pass, partition) in partitions.enumerated() {
      var probabilities = [Double](repeating: 0, count: matrix.rowCount * classCount)
      for fold in 0..<partition.count {
        try checkpoint.reached(
          Double(pass * partition.count + fold) / Double(partitions.count * partition.count))
        let training = classes.indices.filter {
          partition.foldOfRow[$0] != fold && !excluded.contains($0)
        }
        let model = LogisticRegression(
          matrix: matrix, rows: training, classes: classes, classCount: classCount, cost: cost)
        for row in classes.indices where partition.foldOfRow[row] == fold {
          model.predict(matrix, row: row, into: &probabilities)
        }
      }
      for index in total.indices { total[index] += probabilities[index] }
    }
    let share = 1 / Double(partitions.count)
    return total.map { $0 * share }
  }

  /// The mean negative log-probability of the given labels.
  func logLoss(_ probabilities: [Double]) -> Double {
    let sum = classes.indices.reduce(0.0) { sum, row in
      sum - log(max(1e-15, probabilities[row * classCount + classes[row]]))
    }
    return sum / Double(classes.count)
  }
}
