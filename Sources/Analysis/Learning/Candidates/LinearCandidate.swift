/// Noise-corrected logistic regression on one design, cross-fitted, with the penalty and the noise
/// rate that predict given labels best.
struct LinearCandidate {
  static let penalties = [0.1, 0.3, 1, 3, 10, 30, 100]
  static let noises = [0, 0.02, 0.05, 0.1, 0.15, 0.2]

  /// A place on the grid of settings.
  struct Place: Sendable, Equatable {
    var penalty: Int
    var noise: Int

    var settings: NoisyLogisticRegression.Settings {
      .init(penalty: penalties[penalty], noise: noises[noise])
    }

    var isOnGrid: Bool {
      penalties.indices.contains(penalty) && noises.indices.contains(noise)
    }
  }

  /// The best place, with what was fitted there on the search rows.
  struct Best: Sendable {
    var place: Place
    var loss: Double
    /// For each search row, row-major.
    var probabilities: [Float]
    /// The weights of each fold's model.
    var weights: [[Double]]
  }

  let subject: CandidateSubject
  let design: Design
  /// Whether the features are counts or their like, weighted by how they tell classes apart.
  var weighsByRatio = false
  let pace: Pace

  /// What a place is worth.
  func evaluate(
    _ place: Place, generator: inout SeededGenerator
  ) throws(AnalysisCancelled) -> Best {
    try evaluate(place, in: searchDesign, from: nil, generator: &generator)
  }

  /// Walks over the grid from a place, in one direction after the other while it gets better.
  func search(
    from start: Place, generator: inout SeededGenerator
  ) throws(AnalysisCancelled) -> Best {
    let design = searchDesign
    return try search(
      from: evaluate(start, in: design, from: nil, generator: &generator), in: design,
      generator: &generator)
  }

  /// Goes on from a place that was evaluated.
  func search(
    from start: Best, generator: inout SeededGenerator
  ) throws(AnalysisCancelled) -> Best {
    try search(from: start, in: searchDesign, generator: &generator)
  }

  private func search(
    from start: Best, in design: Design, generator: inout SeededGenerator
  ) throws(AnalysisCancelled) -> Best {
    var best = start
    var visited = [start.place]
    var improves = true
    while improves {
      improves = false
      for (penalty, noise) in [(-1, 0), (1, 0), (0, 1), (0, -1)] {
        while true {
          let next = Place(
            penalty: best.place.penalty + penalty, noise: best.place.noise + noise)
          // A place that was visited before was no better than the best then.
          guard next.isOnGrid, !visited.contains(next) else { break }
          visited.append(next)
          let found = try evaluate(
            next, in: design, from: best.weights, generator: &generator)
          guard found.loss < best.loss else { break }
          best = found
          improves = true
        }
      }
    }
    return best
  }

  /// The search rows alone; a copy, unless they are all.
  private var searchDesign: Design {
    subject.searchRows.count == subject.rowCount ? design : design.selecting(subject.searchRows)
  }

  private func evaluate(
    _ place: Place, in design: Design, from weights: [[Double]]?, generator: inout SeededGenerator
  ) throws(AnalysisCancelled) -> Best {
    let labels = subject.searchRows.map { subject.labels[$0] }
    let fitted = try crossFit(
      design, labels: labels, folds: subject.searchFolds, settings: place.settings,
      start: weights, limit: .max, generator: &generator)
    let loss = noisyLogLoss(
      fitted.probabilities, labels: labels, classCount: subject.classCount,
      noise: place.settings.noise)
    return Best(
      place: place, loss: loss, probabilities: fitted.probabilities, weights: fitted.weights)
  }

  /// Out-of-sample probabilities of all rows with the settings found.
  func fit(
    _ best: Best, generator: inout SeededGenerator
  ) throws(AnalysisCancelled) -> [Float] {
    var total = [Float](repeating: 0, count: subject.rowCount * subject.classCount)
    for (index, folds) in subject.partitions.enumerated() {
      let probabilities: [Float]
      if index == 0, subject.searchRows.count == subject.rowCount {
        probabilities = best.probabilities
      } else {
        probabilities = try crossFit(
          design, labels: subject.labels, folds: folds, settings: best.place.settings,
          start: best.weights, limit: trainingLimit, generator: &generator
        ).probabilities
      }
      for position in total.indices { total[position] += probabilities[position] }
    }
    let share = 1 / Float(subject.partitions.count)
    return total.map { $0 * share }
  }

  private var trainingLimit: Int {
    if design.sparse.width > LearnableFeatures.levelLimit { return 20_000 }
    return max(5_000, 4_000_000 / (max(1, design.featureCount) * subject.classCount))
  }

  private func crossFit(
    _ design: Design, labels: [Int], folds: StratifiedFolds,
    settings: NoisyLogisticRegression.Settings, start: [[Double]]?, limit: Int,
    generator: inout SeededGenerator
  ) throws(AnalysisCancelled) -> (probabilities: [Float], weights: [[Double]]) {
    var probabilities = [Float](repeating: 0, count: design.rowCount * subject.classCount)
    var weights: [[Double]] = []
    for fold in 0..<folds.count {
      let training = folds.training(without: fold, limit: limit, generator: &generator)
      var design = design
      if weighsByRatio {
        design.sparse = design.sparse.scaled(
          by: RatioWeights.make(
            design.sparse, rows: training, labels: labels, classCount: subject.classCount))
      }
      let model = try NoisyLogisticRegression(
        design, rows: training, labels: labels, classCount: subject.classCount,
        settings: settings, start: start?[fold], pace: pace)
      model.predict(design, rows: design.rows(of: fold, in: folds), into: &probabilities)
      weights.append(model.weights)
    }
    design.imputations.average(&probabilities, classCount: subject.classCount)
    return (probabilities, weights)
  }
}

extension Design {
  /// The rows of a fold with their repetitions.
  func rows(of fold: Int, in folds: StratifiedFolds) -> [Int] {
    let sources = imputations.sources
    return folds.rows(in: fold)
      + sources.indices.filter { folds.foldOfRow[sources[$0]] == fold }.map {
        imputations.rowCount + $0
      }
  }
}
