/// Tells which columns say who a person is, by whole words of their names.
enum SensitiveColumns {
  /// Words for a person's age, which may be a number of any kind.
  static let ageWords: Set<String> = ["age", "aged", "edad", "âge"]

  /// Words for a date or year of birth.
  static let birthWords: Set<String> = ["birthday", "birthdate", "birthyear", "dob", "yob"]

  /// Words for groups that people belong to. They count for columns of few different values alone:
  /// `race` is also a contest, and then has numbers of all sizes.
  static let groupWords: Set<String> = [
    "gender", "sex", "sexe", "sexo", "geschlecht", "race", "races", "racial", "ethnicity",
    "ethnic", "ethnicities", "religion", "religious", "disability", "disabled", "disabilities",
    "nationality", "citizenship", "marital", "married", "pregnant", "pregnancy", "immigrant",
    "caste", "transgender", "lgbt", "indigenous", "veteran", "minority",
  ]

  /// Names of groups, which columns have that say who belongs to it and so have two values.
  static let memberWords: Set<String> = [
    "female", "male", "woman", "black", "african", "hispanic", "hispan", "latino", "latina",
    "asian", "nonwhite", "muslim", "jewish", "gay", "lesbian", "migrant",
    "refugee", "elderly",
  ]

  /// Words that count together.
  static let groupPhrases: [Set<String>] = [
    ["native", "country"], ["country", "birth"], ["country", "origin"], ["national", "origin"],
    ["native", "language"], ["mother", "tongue"], ["skin", "color"], ["skin", "colour"],
    ["skin", "tone"], ["sexual", "orientation"], ["civil", "status"], ["family", "status"],
    ["foreign", "worker"], ["senior", "citizen"],
  ]

  /// Beside these words an age is that of a thing.
  static let things: Set<String> = [
    "account", "asset", "battery", "brand", "building", "business", "car", "cell", "company",
    "contract", "credit", "dataset", "device", "document", "domain", "equipment", "file", "firm",
    "galaxy", "home", "house", "housing", "job", "listing", "loan", "machine", "policy", "product",
    "property", "rock", "server", "soil", "star", "stone", "system", "tree", "vehicle", "wine",
  ]

  /// More different values than this are no groups to guess at.
  static let maximumGuessedGroups = 100

  /// A column that says who a row is about.
  struct Choice: Equatable {
    var column: Int
    /// Whether the name was guessed at.
    var isGuessed: Bool
  }

  /// The columns named in the options, which exist, or else those whose names tell.
  static func find(_ subject: AnalysisSubject) -> [Choice] {
    let table = subject.table
    if let named = subject.options.sensitiveColumns {
      var seen: Set<Int> = []
      return named.compactMap { table.columnIndex(named: $0) }
        .filter { seen.insert($0).inserted }
        .map { Choice(column: $0, isGuessed: false) }
    }
    return subject.featureColumns.filter { isSensitive(table.columns[$0]) }
      .map { Choice(column: $0, isGuessed: true) }
  }

  private static func isSensitive(_ column: Column) -> Bool {
    let words = Set(column.name.nameWords)
    if isAge(column.name), column.type != .empty, column.type != .identifier {
      return mayBeLifetimes(column)
    }
    let isBirth =
      !words.isDisjoint(with: birthWords)
      || words.contains("birth") && !words.isDisjoint(with: ["date", "year"])
    if isBirth, column.type != .empty { return true }
    guard column.distinctCount <= maximumGuessedGroups,
      [.boolean, .category, .integer].contains(column.type),
      column.type != .integer || column.distinctCount <= 20
    else { return false }
    return !words.isDisjoint(with: groupWords)
      || column.distinctCount == 2 && !words.isDisjoint(with: memberWords)
      || groupPhrases.contains { $0.isSubset(of: words) }
  }

  /// Whether next to no number is greater than the age that people reach, but for those that stand for
  /// missing ones: concrete is aged for months, and that in days.
  private static func mayBeLifetimes(_ column: Column) -> Bool {
    guard column.type.isNumeric else { return true }
    let ages = column.numericValues().filter { $0.isFinite && !StandIns.numbers.contains($0) }
    return Double(ages.count { $0 > longestLife }) <= oddShare * Double(ages.count)
  }

  /// In years.
  private static let longestLife = 130.0
  /// More than this share of impossible ages are none.
  private static let oddShare = 0.01

  /// Whether a name says that its column holds ages of people.
  static func isAge(_ name: String) -> Bool {
    let words = Set(name.nameWords)
    return !words.isDisjoint(with: ageWords) && words.isDisjoint(with: things)
  }
}
