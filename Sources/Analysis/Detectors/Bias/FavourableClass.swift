/// The class that is good for the person whom a row is about.
struct FavourableClass: Equatable {
  /// Its place among the label's classes.
  var index: Int
  /// How it was chosen, in a sentence.
  var reason: String

  /// Classes that are good to have, in lower case.
  static let goodWords: Set<String> = [
    "yes", "y", "true", "t", "1", "positive", "pos", "good", "approved", "approve", "accepted",
    "accept", "admitted", "admit", "hired", "hire", "granted", "passed", "pass", "selected",
    "success", "successful", "eligible", "qualified", "promoted", "invited", "interview", "offer",
    "callback", "employed", "graduated", "enrolled", "paid", "healthy", "alive", ">50k", ">50k.",
    "high", "survived",
  ]
  /// Classes that are bad to have.
  static let badWords: Set<String> = [
    "no", "n", "false", "f", "0", "-1", "negative", "neg", "bad", "denied", "deny", "rejected",
    "reject", "refused", "failed", "fail", "unsuccessful", "ineligible", "unqualified", "default",
    "<=50k", "<=50k.", "low", "died", "dead", "unemployed", "guilty",
  ]
  /// Classes that are answers to the question that the label's name asks.
  static let answers: Set<String> = [
    "yes", "y", "true", "t", "1", "positive", "pos", "no", "n", "false", "f", "0", "-1", "negative",
    "neg",
  ]
  /// Words of label columns where "yes" is bad.
  static let badLabels: Set<String> = [
    "default", "defaulted", "churn", "churned", "fraud", "arrest", "arrested", "recid",
    "recidivism", "recidivist", "death", "died", "dead", "mortality", "attrition", "disease",
    "diabetes", "cancer", "stroke", "risk", "delinquent", "delinquency", "rejected", "denied",
    "failed", "failure", "bankrupt", "bankruptcy", "crime", "dropout", "spam", "violation", "deny",
    "denial", "rejection", "refused", "refusal", "citation", "convicted", "conviction", "guilty",
    "jail", "prison", "readmitted", "readmission", "relapse", "injury", "accident", "unemployed",
    "exited", "terminated", "fired", "suspended", "toxic",
  ]

  /// Words that deny the class whose other words they stand beside.
  private static let denials: Set<String> = ["no", "not", "non", "never", "without"]

  /// Names a class, or guesses at one: a word above, turned round where classes are answers and
  /// the label's name is that of something bad; of a class and its denial the class, unless it is
  /// something bad; of two classes without such words the rarer.
  ///
  /// - Returns: nil if nothing tells, or if there is no class of the name given.
  init?(_ label: LabelColumn, labelName: String, named: String) {
    if !named.isEmpty {
      guard let found = label.classes.firstIndex(of: named) else { return nil }
      self.init(index: found, reason: "\"\(named)\" was named as the favourable class.")
      return
    }
    let words = label.classes.map { $0.lowercased() }
    // Of several numbers 1 is no answer.
    let good = words.indices.filter {
      Self.goodWords.contains(words[$0]) && (words.count == 2 || words[$0] != "1")
    }
    let bad = words.indices.filter { Self.badWords.contains(words[$0]) }
    var choice: Int?
    if good.count == 1 {
      choice = good[0]
    } else if bad.count == 1, words.count == 2 {
      choice = 1 - bad[0]
    }
    if let found = choice {
      let isTurned =
        words.count == 2 && words.allSatisfy(Self.answers.contains)
        && !Self.badLabels.isDisjoint(with: labelName.nameWords)
      let index = isTurned ? 1 - found : found
      self.init(
        index: index,
        reason: "\"\(label.classes[index])\" is taken for the favourable class, by "
          + (isTurned ? "the name of \"\(labelName)\"." : "its name."))
      return
    }
    guard label.classes.count == 2 else { return nil }
    if let denied = Self.denied(label.classes) {
      let isBad = !Self.badLabels.isDisjoint(with: label.classes[denied].nameWords)
      let index = isBad ? 1 - denied : denied
      self.init(
        index: index,
        reason: "\"\(label.classes[index])\" is taken for the favourable class, by its name.")
      return
    }
    let rarer = label.counts[1] <= label.counts[0] ? 1 : 0
    self.init(
      index: rarer,
      reason: "\"\(label.classes[rarer])\" is taken for the favourable class: of two, it is the "
        + "rarer.")
  }

  /// Which of two classes the other one denies, as "not promoted" does "promoted"; nil if neither.
  private static func denied(_ classes: [String]) -> Int? {
    let words = classes.map { Set($0.nameWords) }
    return (0...1).first { index in
      !words[index].isEmpty && words[1 - index].subtracting(words[index]).isSubset(of: denials)
        && words[index].isStrictSubset(of: words[1 - index])
    }
  }

  private init(index: Int, reason: String) {
    self.index = index
    self.reason = reason
  }
}
