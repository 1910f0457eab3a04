/// How groups of people fare.
public struct BiasDetails: DetectorDetails {
  /// The groups by one sensitive column, or by two at once.
  public struct Attribute: Codable, Sendable, Equatable {
    /// The columns.
    public var columns: [String]
    /// Whether the column was guessed by its name.
    public var guessed: Bool
    /// How groups are made: `values`, `age_bands`, `quartiles` or `intersection`.
    public var grouping: String
    /// Rows that belong to no listed group.
    public var ungrouped: Int
    /// The groups, the 100 largest at most; of an intersection those that are large enough.
    public var groups: [Group]
    /// How strongly group and class go together; nil without classes.
    public var association: Estimate?
    /// Differences between the groups of highest and lowest rate, or mean.
    public var gaps: [Gap]
  }

  /// A group.
  public struct Group: Codable, Sendable, Equatable {
    /// The value, or the range of values.
    public var name: String
    /// Its rows.
    public var rows: Int
    /// Their share of the rows in any group.
    public var share: Estimate
    /// The share that it is measured against; nil where none is known.
    public var expectedShare: Double?
    /// Whether it has too few rows to be judged.
    public var tooSmall: Bool
    /// Rates of its rows, by measure; those of too few rows are left out.
    public var rates: [GroupRate]
    /// The mean of a numeric label.
    public var mean: Estimate?
    /// The median of a numeric label.
    public var median: Estimate?

    enum CodingKeys: String, CodingKey {
      case name, rows, share, rates, mean, median
      case expectedShare = "expected_share"
      case tooSmall = "too_small"
    }
  }

  /// A rate of a group's rows.
  public struct GroupRate: Codable, Sendable, Equatable {
    /// What is counted.
    public var measure: BiasMeasure
    /// Its share.
    public var rate: Estimate
  }

  /// The difference between the groups that fare best and worst.
  public struct Gap: Codable, Sendable, Equatable {
    /// What is compared.
    public var measure: BiasMeasure
    /// The group with the highest rate or mean.
    public var highest: String
    /// The group with the lowest.
    public var lowest: String
    /// The highest minus the lowest.
    public var difference: Estimate
    /// The lowest rate over the highest; nil for means.
    public var ratio: Double?
  }

  /// A difference beyond chance and of a size that matters.
  public struct Finding: Codable, Sendable, Equatable {
    /// What differs.
    public var measure: BiasMeasure
    /// The columns that make the groups.
    public var columns: [String]
    /// The group that fares worse; nil where the whole attribute is meant.
    public var group: String?
    /// The group that it is compared with.
    public var comparedWith: String?
    /// The size of the effect: a difference, Cramér's V, or a share over the expected one.
    public var effect: Estimate
    /// What was found, for a person.
    public var sentence: String

    enum CodingKeys: String, CodingKey {
      case measure, columns, group, effect, sentence
      case comparedWith = "compared_with"
    }
  }

  /// The label column; nil if there is none.
  public var label: String?
  /// The class that counts as good for a person; nil without one.
  public var favourableClass: String?
  /// How it was chosen, or what could not be compared and why.
  public var notes: [String]
  /// How many comparisons were made; findings hold for all of them at once.
  public var comparisons: Int
  /// Single columns in table order or as named, then pairs of columns.
  public var attributes: [Attribute]
  /// Measures in order; of each single columns first, then by descending size.
  public var findings: [Finding]

  enum CodingKeys: String, CodingKey {
    case label, notes, comparisons, attributes, findings
    case favourableClass = "favourable_class"
  }
}

/// What is compared between groups.
public enum BiasMeasure: String, Codable, Sendable, CaseIterable {
  /// Share of rows labelled with the favourable class (demographic parity).
  case selectionRate = "selection_rate"
  /// Share of rows predicted to be of the favourable class (demographic parity of a model).
  case predictedRate = "predicted_rate"
  /// Of the rows of the favourable class, the share predicted so (equalized odds).
  case truePositiveRate = "true_positive_rate"
  /// Of the other rows, the share predicted to be of the favourable class (equalized odds).
  case falsePositiveRate = "false_positive_rate"
  /// How strongly group and class go together.
  case association
  /// Mean of a numeric label.
  case mean
  /// Share of the rows that belong to a group.
  case representation
}
