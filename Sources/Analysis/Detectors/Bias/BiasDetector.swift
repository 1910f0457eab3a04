/// Compares how groups of people fare: how often they are given the favourable class, how well
/// predictions hold for them, and how many they are.
///
/// - Demographic parity: rates of the favourable class, with Wilson's intervals (1927) and
///   Newcombe's for differences (1998). A rate below four fifths of the highest is the sign of
///   adverse impact in the US Uniform Guidelines on Employee Selection Procedures (EEOC 1978, 29 CFR
///   1607.4 D).
/// - Equalized odds (Hardt, Price and Srebro 2016, §2): true and false positive rates of given
///   predictions, or of classes by given probabilities (``BiasPredictions``).
/// - Association of group and class: Cramér's V without bias (Bergsma 2013).
/// - Numeric labels: means (Welch 1947) and medians.
/// - Representation: shares against even ones, or those of a reference dataset.
///
/// A finding needs an interval without "no effect" in it, at a confidence that holds for all
/// comparisons at once (Bonferroni; each group is compared with the best, which is any of the
/// pairs, so all pairs count), and an effect of the size that a parameter says. It is about groups:
/// no row is flagged.
struct BiasDetector: Detector {
  /// At most so many columns are combined in pairs, the first ones.
  static let maximumCombinedColumns = 4

  static let kind = DetectorKind.bias
  static let weight = 0.04
  static let meaning = "Groups of people that fare differently."
  static let effort = 0.5

  static let parameters: [DetectorParameter] = [
    .text(
      "favourable_class", "",
      "The class that is good for a person; empty: guessed by name, or of two the rarer."),
    .number(
      "prediction_threshold", 0.5, in: 0...1,
      "Where predictions are probabilities of the second of two classes: counts as it from here on."
    ),
    .number(
      "confidence", 0.95, in: 0.5...0.9999,
      "Confidence of intervals, and of all findings together."),
    .count(
      "minimum_group_size", 30, in: 5...1_000_000,
      "Rows below which a group or rate is not judged."),
    .number(
      "minimum_ratio", 0.8, in: 0...1,
      "A rate below this part of the highest is a finding; 0.8 are the EEOC's four fifths."),
    .number(
      "minimum_difference", 0.1, in: 0...1,
      "Rates that differ by so much are a finding, whatever their ratio."),
    .number(
      "minimum_association", 0.1, in: 0...1,
      "Cramér's V that is a finding; Cohen (1988) calls 0.1 small, 0.3 medium."),
    .number(
      "minimum_effect", 0.2, in: 0...10,
      "Difference of means, in standard deviations, that is a finding; Cohen (1988) calls 0.2 small."
    ),
    .number(
      "minimum_share", 0.25, in: 0...1,
      "A share below this part of an even share is a finding; against a reference minimum_ratio is."
    ),
  ]

  func run(
    _ subject: AnalysisSubject, _ parameters: ParameterValues, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Finding<BiasDetails> {
    let choices = SensitiveColumns.find(subject)
    guard !choices.isEmpty else {
      return .skipped(
        reason: "No sensitive column was named, and no column's name has a word such as gender, "
          + "sex, race, ethnicity, religion, age, disability, nationality or marital; "
          + "sensitive_columns names them.")
    }
    let outcome = BiasOutcome(
      subject, favourable: parameters.word("favourable_class"),
      threshold: parameters.number("prediction_threshold"))
    var singles: [SensitiveGroups] = []
    for (step, choice) in choices.enumerated() {
      try checkpoint.reached(0.5 * Double(step) / Double(choices.count))
      singles.append(SensitiveGroups(choice.column, in: subject))
    }
    guard singles.contains(where: { !$0.names.isEmpty }) else {
      let names = choices.map { "\"\(subject.table.columns[$0.column].name)\"" }
      return .skipped(reason: "There is no value in \(names.joined(separator: ", ")).")
    }

    var comparison = BiasComparison(subject, outcome, parameters)
    for (step, groups) in singles.enumerated() {
      try checkpoint.reached(0.5 + 0.25 * Double(step) / Double(singles.count))
      comparison.add(groups, isGuessed: choices[step].isGuessed)
    }
    let combined = singles.prefix(Self.maximumCombinedColumns)
    for first in combined.indices {
      for second in combined.indices.dropFirst(first + 1) {
        try checkpoint.reached(0.75 + 0.25 * Double(first) / Double(combined.count))
        comparison.add(
          SensitiveGroups(combined[first], and: combined[second]),
          isGuessed: choices[first].isGuessed || choices[second].isGuessed)
      }
    }
    return .done(comparison.evidence())
  }
}
