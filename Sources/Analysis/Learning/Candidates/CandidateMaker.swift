/// Makes the candidates that a table's columns allow.
struct CandidateMaker {
  private let subject: AnalysisSubject
  private let shared: CandidateSubject
  private let features: LearnableFeatures
  private let pace: Pace
  private var generator: SeededGenerator
  private var candidates: [Candidate] = []
  private var treesLoss: Double?

  /// A linear candidate of a large table whose loss is above this many times that of trees gets no
  /// weight beside them, and is not worth fitting.
  private static let hopeless = 1.1
  /// Kernel features are for tables up to this many rows, networks for larger ones.
  private static let kernelRows = 3_000
  /// Of more classes even few rounds of trees take longer than all else, and tell hardly more.
  private static let treeClassLimit = 40
  /// Weights (features times classes) up to which words are features.
  private static let weightLimit = 1_000_000

  init(
    subject: AnalysisSubject, shared: CandidateSubject, features: LearnableFeatures, pace: Pace,
    generator: SeededGenerator
  ) {
    self.subject = subject
    self.shared = shared
    self.features = features
    self.pace = pace
    self.generator = generator
  }

  /// - Parameter table: given away, as it may be large and is not needed to the end.
  mutating func make(_ table: consuming Design?) throws -> [Candidate] {
    let isLarge = shared.rowCount > CandidateSubject.fewRows
    let hasText = !features.texts.isEmpty
    let forTable = hasText ? 0.4 : 0.9
    if isLarge { try addTrees(upTo: forTable / 2) }
    var place = LinearCandidate.Place(penalty: 3, noise: 2)
    let isTable = table != nil
    let levels = isLarge ? table?.sparse : nil
    let half = isLarge ? forTable / 2 : 0
    if let table {
      place = try addLinear("linear", table, from: place, upTo: half + 0.2 * forTable)
    }
    if isLarge, !hasText { table = nil }
    if isTable, !features.numbers.isEmpty,
      let ranks = try features.design(.ranks, levels: levels, subject: subject, pace: pace)
    {
      _ = try addLinear("linear_ranks", ranks, from: place, upTo: half + 0.4 * forTable)
      if !hasText { try addNetwork(ranks, upTo: half + 0.5 * forTable) }
    }
    if let table, !hasText { try addKernel(table, from: place, upTo: half + 0.6 * forTable) }
    if !isLarge { try addTrees(upTo: forTable) }
    if hasText { try addText(table, noise: table == nil ? 2 : place.noise, upTo: 0.9) }
    return candidates
  }

  /// - Returns: the settings found.
  private mutating func addLinear(
    _ name: String, _ design: Design, from start: LinearCandidate.Place,
    weighsByRatio: Bool = false, found: LinearCandidate.Best? = nil, upTo share: Double
  ) throws -> LinearCandidate.Place {
    let candidate = LinearCandidate(
      subject: shared, design: design, weighsByRatio: weighsByRatio, pace: pace)
    let work = Double(design.meanWork * NoisyLogisticRegression.outputs(shared.classCount) * 2)
    try pace.begin(
      upTo: share,
      work: work * 50 * Double(8 * shared.searchRows.count * shared.searchFolds.count)
        + work * 20 * Double(shared.rowCount * shared.partitions.count))
    let best = try found ?? candidate.search(from: start, generator: &generator)
    if shared.rowCount > CandidateSubject.fewRows, let treesLoss,
      best.loss > Self.hopeless * treesLoss
    {
      return best.place
    }
    let settings = best.place.settings
    candidates.append(
      Candidate(
        name: name,
        settings: "penalty \(settings.penalty.shown()), noise \(settings.noise.shown())",
        probabilities: try candidate.fit(best, generator: &generator)))
    return best.place
  }

  private mutating func addKernel(
    _ table: Design, from place: LinearCandidate.Place, upTo share: Double
  ) throws {
    let count = shared.rowCount
    let landmarks = min(300, count, 3_000_000 / (count * shared.classCount))
    guard count <= Self.kernelRows, landmarks >= 100, !features.numbers.isEmpty else { return }
    let outputs = NoisyLogisticRegression.outputs(shared.classCount)
    try pace.begin(
      upTo: share, work: (3 + 6) * 40 * 5 * Double(count * landmarks * outputs * 2))
    let kernel = try KernelFeatures(
      table, landmarks: generator.sample(Array(0..<count), limit: landmarks), pace: pace)
    // The width first, as the other settings depend on it less than it on them.
    let start = LinearCandidate.Place(penalty: 2, noise: place.noise)
    var best: (found: LinearCandidate.Best, candidate: LinearCandidate)?
    for width in [0.3, 1, 3] {
      let design = try kernel.design(width: width / Double(table.featureCount), pace: pace)
      let candidate = LinearCandidate(subject: shared, design: design, pace: pace)
      let found = try candidate.evaluate(start, generator: &generator)
      if let best, found.loss >= best.found.loss { continue }
      best = (found, candidate)
    }
    guard let best else { return }
    let found = try best.candidate.search(from: best.found, generator: &generator)
    _ = try addLinear("kernel", best.candidate.design, from: found.place, found: found, upTo: share)
  }

  private mutating func addNetwork(_ design: Design, upTo share: Double) throws {
    guard shared.rowCount > Self.kernelRows,
      let plan = NetworkCandidate.Plan(shared, features: design.featureCount)
    else { return }
    let candidate = NetworkCandidate(subject: shared, design: design, plan: plan, pace: pace)
    try pace.begin(upTo: share, work: candidate.work)
    candidates.append(
      Candidate(
        name: "network", settings: "\(plan.hidden) units, \(plan.steps) steps",
        probabilities: try candidate.fit(generator: &generator)))
  }

  private mutating func addTrees(upTo share: Double) throws {
    guard shared.classCount <= Self.treeClassLimit,
      let features = try features.treeFeatures(pace: pace),
      let trees = TreesCandidate(subject: shared, features: features, pace: pace)
    else { return }
    let plan = trees.plan
    let perRound =
      Double(plan.rows * shared.partitions[0].count * features.columns.count)
      * Double(shared.classCount == 2 ? 1 : shared.classCount)
    try pace.begin(
      upTo: share,
      work: perRound * Double(plan.rounds * plan.depths.reduce(0, +))
        + perRound * 50 * 4 * Double(shared.partitions.count - 1))
    let fitted = try trees.fit(generator: &generator)
    treesLoss = fitted.loss
    candidates.append(fitted.candidate)
  }

  private mutating func addText(
    _ table: Design?, noise: Int, upTo share: Double
  ) throws {
    let before = candidates.isEmpty ? 0 : 0.4
    let limit = Self.weightLimit / NoisyLogisticRegression.outputs(shared.classCount)
    var words = SparseRows(emptyRows: shared.rowCount)
    for index in features.texts {
      words = words.joined(
        with: try WordFeatures.make(
          subject.table.columns[index], rows: features.rows,
          limit: limit / features.texts.count, pace: pace))
    }
    guard words.width > 0 else { return }
    let step = (share - before) / (table == nil ? 2 : 3)
    let design = Design(rowCount: shared.rowCount, columns: [], sparse: words)
    let place = try addLinear(
      "words", design, from: .init(penalty: 2, noise: noise), upTo: before + step)
    _ = try addLinear(
      "words_by_ratio", design, from: .init(penalty: 1, noise: 1), weighsByRatio: true,
      upTo: before + 2 * step)
    guard let table else { return }
    _ = try addLinear(
      "words_and_table", table.scaled(0.3, after: words), from: place, upTo: share)
  }
}
