import Foundation

/// The last stage: stacks, calibrates and estimates the noise at once, by maximum likelihood of the
/// given labels.
///
/// Stacking with non-negative weights is Wolpert's (1992) and Breiman's (1996); that a share of the
/// labels follows no model is the lapse rate of psychometric curves (Wichmann and Hill 2001). Models
/// of the noise are averaged by their evidence (Hoeting et al. 1999): one rate for all, over a grid,
/// and rates that differ by class or for a pair of classes, by the criterion of Schwarz (1978).
struct NoiseStack {
  /// The rates of wrong labels that are tried.
  static let grid = [
    0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.12, 0.14, 0.17, 0.2, 0.25, 0.3,
  ]
  /// The rate from which the alternation for other forms starts.
  private static let formStart = 0.1
  /// A larger table is fitted on this many of its rows.
  static let rowLimit = 20_000
  /// Classes are uneven if one has more than so many times the rows of another.
  private static let unevenFrom = 2
  private static let negligible = 1e-4
  private static let alternations = 60

  /// A fitted model of the noise.
  struct Model: Sendable {
    var noise: NoiseMatrix
    /// Powers of the candidates, then shifts of the classes.
    var parameters: [Double]
    /// The logarithm of its evidence, up to a constant.
    var evidence: Double
    /// Its share in the average.
    var share = 0.0
  }

  /// The models that count, with their shares.
  let models: [Model]
  /// Whether the candidates tell classes apart at all: whether they predict labels better than the
  /// classes' shares do, by more than the numbers that are fitted here (Akaike 1974). If they do not,
  /// a rare class and errors everywhere look the same.
  let isInformative: Bool

  init(_ objective: StackObjective, pace: Pace) throws(AnalysisCancelled) {
    let classCount = objective.classCount
    let families = Self.families(objective)
    var models: [Model] = []
    var peak = -Double.infinity
    // That of the family with the best of all, at the rate from which other forms start.
    var start = Model(noise: families[0](0), parameters: objective.start, evidence: 0)
    for family in families {
      let first = models.count
      var best = -Double.infinity
      var x = objective.start
      for (index, rate) in Self.grid.enumerated() {
        let noise = family(rate)
        let loss = try Self.fit(objective, &x, noise: noise, iterations: 60, pace)
        let density = -loss + log((1 - rate) / Double(families.count))
        best = max(best, density)
        models.append(
          Model(noise: noise, parameters: x, evidence: density + log(Self.width(index))))
      }
      if best > peak { start = models[first + (Self.grid.firstIndex(of: Self.formStart) ?? 0)] }
      peak = max(peak, best)
    }
    // What the grid gathers beyond its best point, so that other forms compare with all of it.
    let gathered = Self.logSum(models.map(\.evidence)) - peak
    func add(
      _ form: NoiseForm, from start: Model, joint: [Double]
    ) throws(AnalysisCancelled) -> Model? {
      let cost = form.cost(classCount, joint: joint)
      // It could never win.
      guard cost <= -peak else { return nil }
      var model = try Self.alternate(objective, form, start, pace)
      model.evidence += gathered - cost
      models.append(model)
      return model
    }
    var joint = objective.joint(start.parameters, noise: start.noise)
    for form in NoiseForm.offered(classCount) {
      if let freer = try add(form, from: start, joint: joint) {
        joint = objective.joint(freer.parameters, noise: freer.noise)
      }
    }
    if let form = NoiseForm.pair(joint: joint, classCount: classCount) {
      start.noise = form.matrix(joint: joint, classCount: classCount)
      _ = try add(form, from: start, joint: joint)
    }
    isInformative = peak - objective.logLikelihoodOfShares > Double(start.parameters.count - 1)
    let whole = Self.logSum(models.map(\.evidence))
    self.models = models.compactMap { model in
      let share = exp(model.evidence - whole)
      guard share >= Self.negligible else { return nil }
      var model = model
      model.share = share
      return model
    }
  }

  /// Ways in which a single rate may make labels wrong: any other label alike, and where some are
  /// much rarer than others, as often as they are given. A class of a few rows that wrong labels hardly
  /// ever name would else speak against all noise.
  private static func families(_ objective: StackObjective) -> [(Double) -> NoiseMatrix] {
    let classCount = objective.classCount
    var families: [(Double) -> NoiseMatrix] = [
      { NoiseMatrix(classCount: classCount, noise: $0) }
    ]
    let counts = objective.counts
    if classCount > 2, (counts.max() ?? 0) > unevenFrom * (counts.min() ?? 0) {
      // A label that none of the rows has can still be given.
      let all = Double(objective.rowCount + classCount)
      let shares = counts.map { Double($0 + 1) / all }
      families.append { NoiseMatrix(shares: shares, noise: $0) }
    }
    return families
  }

  /// Fits parameters and noise in turn, until neither gains (Dawid and Skene 1979; Raykar et al. 2010).
  private static func alternate(
    _ objective: StackObjective, _ form: NoiseForm, _ start: Model, _ pace: Pace
  ) throws(AnalysisCancelled) -> Model {
    let classCount = objective.classCount
    var x = start.parameters
    var noise = start.noise
    var before = -Double.infinity
    var value = before
    for step in 0..<alternations {
      let loss = try fit(objective, &x, noise: noise, iterations: 8, pace)
      value = -loss
      for label in 0..<classCount { value += log(noise.kept(label)) / Double(classCount) }
      if step >= 10, value - before < 0.01 { break }
      before = value
      noise = form.matrix(joint: objective.joint(x, noise: noise), classCount: classCount)
    }
    return Model(noise: noise, parameters: x, evidence: value)
  }

  private static func fit(
    _ objective: StackObjective, _ x: inout [Double], noise: NoiseMatrix, iterations: Int,
    _ pace: Pace
  ) throws(AnalysisCancelled) -> Double {
    let search = QuasiNewton(iterations: iterations, nonNegative: objective.modelCount)
    return try search.minimise(&x) { x, gradient throws(AnalysisCancelled) in
      try pace.spend(objective.work)
      return objective.evaluate(x, &gradient, noise: noise)
    }
  }

  /// The part of the grid that a point stands for.
  private static func width(_ index: Int) -> Double {
    let below = max(0, index - 1)
    let above = min(grid.count - 1, index + 1)
    return (grid[above] - grid[below]) / Double(above - below)
  }

  private static func logSum(_ values: [Double]) -> Double {
    let most = values.reduce(-.infinity) { max($0, $1) }
    return most + log(values.reduce(0) { $0 + exp($1 - most) })
  }
}

/// What the average of the models says of each row.
struct LabelPosterior: Sendable {
  /// For each row the probability that its label is wrong.
  private(set) var wrongness: [Double]
  /// The probability that no label is wrong at all. Models of the noise agree on neither rows nor
  /// rates, so it is not the product over rows of the averages.
  private(set) var allRight = 0.0
  /// For each row the probabilities of its true class before its label is looked at, row-major.
  private(set) var probabilities: [Float]

  /// Rows whose logarithms are in memory at a time.
  private static let rowsAtOnce = 4_096

  /// - Parameters:
  ///   - candidates: for each model the out-of-sample probabilities, `classCount` for each row.
  ///   - labels: the class of each row.
  init(
    _ stack: NoiseStack, candidates: [[Float]], labels: [Int], classCount: Int, pace: Pace
  ) throws(AnalysisCancelled) {
    wrongness = [Double](repeating: 0, count: labels.count)
    probabilities = [Float](repeating: 0, count: labels.count * classCount)
    var rights = [LogSum](repeating: LogSum(), count: stack.models.count)
    for start in stride(from: 0, to: labels.count, by: Self.rowsAtOnce) {
      let rows = start..<min(labels.count, start + Self.rowsAtOnce)
      let objective = StackObjective(
        candidates: candidates, labels: labels, classCount: classCount, rows: Array(rows))
      try pace.spend(objective.work * (1 + stack.models.count))
      for (index, model) in stack.models.enumerated() {
        add(model, objective, from: start, &rights[index])
      }
    }
    for (model, right) in zip(stack.models, rights) { allRight += model.share * exp(right.value) }
    wrongness = wrongness.map { min(1, $0) }
  }

  /// Adds what a model says of some rows.
  private mutating func add(
    _ model: NoiseStack.Model, _ objective: StackObjective, from first: Int, _ rights: inout LogSum
  ) {
    let classCount = objective.classCount
    objective.forEachBlock(model.parameters) { q, start, count in
      for position in 0..<count {
        let row = first + start + position
        let given = objective.labels[start + position]
        let values = q + position * classCount
        let right = max(1e-9, Double(values[given])) * model.noise[given, given]
        var wrong = 0.0
        for truth in 0..<classCount {
          if truth != given {
            wrong += max(1e-9, Double(values[truth])) * model.noise[truth, given]
          }
          probabilities[row * classCount + truth] += Float(model.share) * values[truth]
        }
        wrongness[row] += model.share * wrong / (right + wrong)
        rights.add(max(1e-12, right / (right + wrong)))
      }
    }
  }
}
