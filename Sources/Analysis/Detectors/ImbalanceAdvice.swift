/// What to do about classes of unequal size, in sentences for a person.
///
/// He and Garcia, "Learning from Imbalanced Data" (2009), §3 on weights and §4 on measures.
enum ImbalanceAdvice {
  /// From this ratio of the largest class to the smallest on there is something to say.
  static let ratio = 3.0
  /// Smaller classes cannot be spread over the folds of a usual cross-validation.
  static let minimumClassSize = 5
  private static let shownClasses = 5

  /// - Parameters:
  ///   - counts: rows of each class, at least two of them with rows.
  ///   - rareShare: the share of an even class's rows below which a class is rare.
  static func sentences(classes: [String], counts: [Int], rareShare: Double) -> [String] {
    let total = counts.reduce(0, +)
    guard let largest = counts.indices.max(by: { counts[$0] < counts[$1] }),
      let smallest = counts.min(), Double(counts[largest]) >= ratio * Double(smallest)
    else { return [] }
    let even = Double(total) / Double(counts.count)
    let ascending = counts.indices.sorted { (counts[$0], $0) < (counts[$1], $1) }
    func list(_ indices: some Collection<Int>, _ words: (Int) -> String) -> String {
      let more = indices.count - shownClasses
      return indices.prefix(shownClasses).map(words).joined(separator: ", ")
        + (more > 0 ? " and \(more) more" : "")
    }

    var advice = [
      "Split the rows by class (stratified), so that every part has its share of each.",
      "Weigh the classes in training, by rows in all over rows of the class times classes: "
        + list(ascending) { "\"\(classes[$0])\" \((even / Double(counts[$0])).shown(2))" } + ".",
      "Do not judge a model by accuracy: answering \"\(classes[largest])\" to everything is right in "
        + "\((Double(counts[largest]) / Double(total)).percent). Use "
        + (counts.count == 2
          ? "the area under the precision-recall curve, or precision and recall of "
            + "\"\(classes[ascending[0]])\"."
          : "balanced accuracy, macro F1, or recall by class."),
    ]
    let rare = ascending.filter { Double(counts[$0]) < rareShare * even }
    if !rare.isEmpty {
      advice.append(
        "Collect more rows of "
          + list(rare) { index in
            let wanted = Int((rareShare * even).rounded(.up)) - counts[index]
            return "\"\(classes[index])\" (at least \(max(1, wanted).grouped))"
          } + ".")
    }
    let tiny = ascending.filter { counts[$0] < minimumClassSize }
    if !tiny.isEmpty {
      advice.append(
        "Too few rows to learn or to test: " + list(tiny) { "\"\(classes[$0])\" (\(counts[$0]))" }
          + ". Merge them with a class they resemble, or leave them out.")
    }
    return advice
  }

  /// What to say of numeric labels that lean far to one side; nil if they do not.
  static func sentence(ofSkewed numbers: [Double]) -> String? {
    let finite = numbers.filter(\.isFinite)
    let largest = finite.reduce(0) { max($0, abs($1)) }
    guard finite.count >= 20, largest > 0 else { return nil }
    let n = Double(finite.count)
    let mean = finite.reduce(0) { $0 + $1 / largest } / n
    let (second, third) = finite.reduce((0.0, 0.0)) { sums, number in
      let deviation = number / largest - mean
      return (sums.0 + deviation * deviation, sums.1 + deviation * deviation * deviation)
    }
    guard second > 0 else { return nil }
    let skewness = third / n / ((second / n) * (second / n).squareRoot())
    // Beyond 1 a distribution is called highly skewed (Bulmer 1979, §5).
    guard abs(skewness) > 1 else { return nil }
    return skewness > 0 && finite.allSatisfy { $0 > 0 }
      ? "They are skewed towards large numbers (\(skewness.shown(1))): consider learning their "
        + "logarithm."
      : "They are skewed towards \(skewness > 0 ? "large" : "small") numbers "
        + "(\(skewness.shown(1))): consider a loss that forgives outliers."
  }
}
