/// Columns that tell nothing that another does not tell.
public struct RedundantFeaturesDetails: DetectorDetails {
  /// A column that one value nearly fills.
  public struct NearlyConstant: Codable, Sendable, Equatable {
    /// Its name.
    public var column: String
    /// The value; empty if it is that there is none.
    public var value: String
    /// Its share of the rows.
    public var share: Double
  }

  /// Columns with the same values in all rows.
  public struct Copies: Codable, Sendable, Equatable {
    /// The first, which is the one to keep.
    public var keep: String
    /// The others.
    public var copies: [String]
  }

  /// Two columns that go together.
  public struct Link: Codable, Sendable, Equatable {
    /// The earlier column.
    public var first: String
    /// The later column.
    public var second: String
    /// Pearson's correlation, for numbers.
    public var pearson: Double?
    /// Spearman's correlation, for numbers.
    public var spearman: Double?
    /// Cramér's V with its bias corrected, for classes.
    public var cramersV: Double?

    enum CodingKeys: String, CodingKey {
      case first, second, pearson, spearman
      case cramersV = "cramers_v"
    }
  }

  /// Columns that go together, directly or through others.
  public struct Group: Codable, Sendable, Equatable {
    /// The columns in table order.
    public var columns: [String]
    /// The one to keep: it has the fewest missing values, then the most distinct ones.
    public var keep: String
    /// What links them, the strongest 50 first.
    public var links: [Link]
  }

  /// Columns with one value, or none, in all rows.
  public var constant: [String]
  /// Columns that one value nearly fills.
  public var nearlyConstant: [NearlyConstant]
  /// Columns with the same values in all rows.
  public var copies: [Copies]
  /// Columns that go together so closely that one would do.
  public var groups: [Group]
  /// Columns that were not compared, as there are too many.
  public var leftOut: [String]

  enum CodingKeys: String, CodingKey {
    case constant, copies, groups
    case nearlyConstant = "nearly_constant"
    case leftOut = "left_out_columns"
  }

  /// What the properties mean.
  public static let meanings = [
    "constant": "Columns with one value, or none, in all rows.",
    "nearly_constant": "Columns that one value nearly fills.",
    "nearly_constant.column": "The column.",
    "nearly_constant.value": "The value; empty if it is that there is none.",
    "nearly_constant.share": "Its share of the rows.",
    "copies": "Columns with the same values in all rows.",
    "copies.keep": "The first, which is the one to keep.",
    "copies.copies": "The others.",
    "groups": "Columns that go together so closely that one would do.",
    "groups.columns": "The columns in table order.",
    "groups.keep": "The one to keep: fewest missing values, then most distinct ones.",
    "groups.links": "What links them, the strongest 50 first.",
    "groups.links.first": "The earlier column.",
    "groups.links.second": "The later column.",
    "groups.links.pearson": "Pearson's correlation, for numbers.",
    "groups.links.spearman": "Spearman's correlation, for numbers.",
    "groups.links.cramers_v": "Cramér's V with its bias corrected, for classes.",
    "left_out_columns": "Columns that were not compared, as there are too many.",
  ]
}
