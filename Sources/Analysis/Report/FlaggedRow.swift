/// A row that a detector doubts.
public struct FlaggedRow: Codable, Sendable, Equatable {
  /// The data row, counted from 0 without the header.
  public var row: Int
  /// How much the row is doubted, from 0 to 1; comparable within a detector.
  public var score: Double
  /// Why, for a person.
  public var reason: String
  /// The column that weighs most, where one does.
  public var column: String?
  /// The row that this one repeats, which is the one to keep.
  public var duplicateOf: Int?
  /// The label the row has, where it is in doubt.
  public var givenLabel: String?
  /// The label it should probably have.
  public var suggestedLabel: String?
  /// What the cell in ``column`` should be written as, where that is certain.
  public var suggestedValue: String?

  enum CodingKeys: String, CodingKey {
    case row, score, reason, column
    case duplicateOf = "duplicate_of"
    case givenLabel = "given_label"
    case suggestedLabel = "suggested_label"
    case suggestedValue = "suggested_value"
  }

  /// Creates a flagged row; the score is rounded to six decimals.
  public init(
    row: Int, score: Double, reason: String, column: String? = nil, duplicateOf: Int? = nil,
    givenLabel: String? = nil, suggestedLabel: String? = nil, suggestedValue: String? = nil
  ) {
    self.row = row
    self.score = score.reported
    self.reason = reason
    self.column = column
    self.duplicateOf = duplicateOf
    self.givenLabel = givenLabel
    self.suggestedLabel = suggestedLabel
    self.suggestedValue = suggestedValue
  }
}

extension Double {
  /// The number as a report shows it: six decimals, so that a last bit that differs between
  /// machines does not show, and always finite, which JSON demands.
  var reported: Double {
    guard isFinite else { return self > 0 ? .greatestFiniteMagnitude : 0 }
    let scaled = (self * 1e6).rounded()
    return scaled.isFinite ? scaled / 1e6 + 0 : self
  }

  /// The number in a sentence, with at most `decimals` decimals and whatever the locale.
  func shown(_ decimals: Int = 2) -> String {
    guard isFinite, abs(self) < 1e15 else { return "\(self)" }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let rounded = (self * scale).rounded() / scale
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }

  /// A share in percent; one that would round to nothing, or to all, says so.
  var percent: String {
    if self > 0, self < 0.0005 { return "under 0.1 %" }
    if self < 1, self > 0.9995 { return "over 99.9 %" }
    return (self * 100).shown(1) + " %"
  }
}
