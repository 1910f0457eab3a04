/// What can be said of the given labels of a table's rows by models that have not seen them: the
/// default way to label errors in classification.
///
/// Several kinds of models are cross-fitted: linear ones on numbers as they are and as ranks, behind a
/// layer of label noise; the same with a Gaussian kernel for small tables; gradient-boosted trees; and
/// for text, linear ones on words, plain and weighted by how they tell classes apart. A last stage
/// stacks them, estimates how many labels are wrong, by class where the data call for it, and gives
/// each row the probability that its label is. docs/detectors.md has the whole with its sources.
struct LabelNoiseEstimate: Sendable {
  /// The rows of the table that were judged.
  let rows: [Int]
  let given: [Int]
  let classCount: Int
  let posterior: LabelPosterior
  let candidates: [Candidate]
  let models: [NoiseStack.Model]

  /// Whether the models tell classes apart; if not, nothing is known of any label.
  let isInformative: Bool

  /// For each row the probability that its label is wrong.
  var wrongness: [Double] { posterior.wrongness }

  /// The expected share of wrong labels.
  var noise: Double { wrongness.reduce(0, +) / Double(max(1, wrongness.count)) }

  /// The probabilities of the labels that would be given to each row, wrong ones included, row-major:
  /// what confident learning asks for.
  let givenProbabilities: [Double]

  /// Folds of a partition, and how many partitions there are.
  let folds: Int
  let partitions: Int

  /// The mean negative log probability of the given labels.
  var logLoss: Double {
    var logs = LogSum()
    for (row, label) in given.enumerated() {
      logs.add(max(1e-12, givenProbabilities[row * classCount + label]))
    }
    return -logs.value / Double(max(1, given.count))
  }

  /// The mean power of a candidate's probabilities in the stack.
  func weight(of candidate: Int) -> Double {
    models.reduce(0) { $0 + $1.share * $1.parameters[candidate] }
  }

  /// - Parameters:
  ///   - rows: rows of the table with a label.
  ///   - given: the class of each of them.
  ///   - groups: for each of them a number that it shares with those of its fold; nil if any may be anywhere.
  /// - Returns: nil if no column can be learnt from.
  init?(
    _ subject: AnalysisSubject, rows: [Int], given: [Int], classCount: Int, groups: [Int]?,
    checkpoint: Checkpoint
  ) throws {
    self.rows = rows
    self.given = given
    self.classCount = classCount
    var generator = SeededGenerator(seed: subject.seed)
    let pace = Pace(checkpoint)
    let values = Double(rows.count * subject.learnableColumns.count)
    try pace.begin(upTo: 0.02, work: values * 2 * Double(LearnableFeatures.workPerValue))
    let features = try LearnableFeatures(subject, rows: rows, pace: pace)
    let table = try features.design(.standard, subject: subject, pace: pace)
    let candidateSubject = CandidateSubject(
      labels: given, classCount: classCount, width: table?.featureCount ?? 0,
      hasText: !features.texts.isEmpty, groups: groups, generator: &generator)
    var maker = CandidateMaker(
      subject: subject, shared: candidateSubject, features: features, pace: pace,
      generator: generator)
    candidates = try maker.make(consume table)
    guard !candidates.isEmpty else { return nil }
    folds = candidateSubject.partitions[0].count
    partitions = candidateSubject.partitions.count
    let probabilities = candidates.map(\.probabilities)
    try pace.begin(upTo: 1, work: Double(min(rows.count, NoiseStack.rowLimit) * 2_000 * classCount))
    let objective = StackObjective(
      candidates: probabilities, labels: given, classCount: classCount,
      rows: rows.count > NoiseStack.rowLimit
        ? generator.sample(Array(rows.indices), limit: NoiseStack.rowLimit) : nil)
    let stack = try NoiseStack(objective, pace: pace)
    models = stack.models
    isInformative = stack.isInformative
    posterior = try LabelPosterior(
      stack, candidates: probabilities, labels: given, classCount: classCount, pace: pace)
    givenProbabilities = try Self.given(
      posterior.probabilities, models: models, classCount: classCount, pace)
  }

  /// From probabilities of true labels to those of given ones, behind the mean of the models' noise.
  private static func given(
    _ probabilities: [Float], models: [NoiseStack.Model], classCount: Int, _ pace: Pace
  ) throws(AnalysisCancelled) -> [Double] {
    var noise = [Double](repeating: 0, count: classCount * classCount)
    for model in models {
      for truth in 0..<classCount {
        for label in 0..<classCount {
          noise[truth * classCount + label] += model.share * model.noise[truth, label]
        }
      }
    }
    var result = [Double](repeating: 0, count: probabilities.count)
    for start in stride(from: 0, to: probabilities.count, by: classCount) {
      try pace.spend(classCount * classCount)
      for truth in 0..<classCount {
        let probability = Double(probabilities[start + truth])
        for label in 0..<classCount {
          result[start + label] += probability * noise[truth * classCount + label]
        }
      }
    }
    return result
  }
}
