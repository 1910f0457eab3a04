/// The texts of a dataset and their flaws.
public struct TextQualityDetails: DetectorDetails {
  /// A column of texts.
  public struct TextColumn: Codable, Sendable, Equatable {
    /// Its name.
    public var column: String
    /// What it was taken for, by its name.
    public var role: TextRole
    /// Rows with a text.
    public var texts: Int
    /// The median length in characters.
    public var medianCharacters: Double
    /// The usual lengths; nil with few texts.
    public var usualLeast: Double?
    /// The usual lengths; nil with few texts.
    public var usualMost: Double?
    /// The language of most texts whose language can be told; nil with few such texts.
    public var language: String?
    /// Their share.
    public var languageShare: Double?
    /// The writing of most texts; nil with few texts.
    public var script: String?
    /// Share of texts of six words or more that end in punctuation; nil with few texts.
    public var closedShare: Double?
    /// The flaws that rows of the column have.
    public var flaws: [FlawCount]

    enum CodingKeys: String, CodingKey {
      case column, role, texts, language, script, flaws
      case medianCharacters = "median_characters"
      case usualLeast = "usual_least"
      case usualMost = "usual_most"
      case languageShare = "language_share"
      case closedShare = "closed_share"
    }
  }

  /// How many rows have a flaw.
  public struct FlawCount: Codable, Sendable, Equatable {
    /// The flaw.
    public var flaw: TextFlaw
    /// The rows.
    public var rows: Int
  }

  /// A column of nothing but personal data or keys.
  public struct PersonalColumn: Codable, Sendable, Equatable {
    /// Its name.
    public var column: String
    /// What it holds.
    public var flaw: TextFlaw
    /// Rows with it.
    public var rows: Int
  }

  /// A column of prompts and one of responses to them.
  public struct Pair: Codable, Sendable, Equatable {
    /// The column of prompts.
    public var prompt: String
    /// The column of responses.
    public var response: String
    /// Rows with both.
    public var rows: Int
    /// Prompts that stand in several rows with different responses.
    public var promptsWithSeveralResponses: Int
    /// The rows of such prompts.
    public var rowsOfThem: Int

    enum CodingKeys: String, CodingKey {
      case prompt, response, rows
      case promptsWithSeveralResponses = "prompts_with_several_responses"
      case rowsOfThem = "rows_of_them"
    }
  }

  /// The columns of texts, in table order.
  public var columns: [TextColumn]
  /// The columns that were searched for personal data alone.
  public var searchedColumns: [String]
  /// Columns of nothing but personal data: their rows are not flagged one by one.
  public var personalColumns: [PersonalColumn]
  /// Prompts and responses.
  public var pairs: [Pair]
  /// Rows by flaw, over all columns, in the order of the flaws' names above.
  public var flaws: [FlawCount]

  enum CodingKeys: String, CodingKey {
    case columns, pairs, flaws
    case searchedColumns = "searched_columns"
    case personalColumns = "personal_columns"
  }
}
