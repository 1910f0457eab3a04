extension DriftDetector.Comparison {
  /// Columns that a sentence names.
  private static let named = 3

  /// What was found, for a person.
  ///
  /// - Parameter judgements: of the columns.
  func sentence(
    _ details: DriftDetails.Comparison, _ judgements: [Judgement]
  ) -> String {
    let shifted = zip(details.columns, judgements).filter { $0.0.severity > 0 }
      .sorted { ($1.0.severity, $0.0.column) < ($0.0.severity, $1.0.column) }
    var sentences = [
      shifted.isEmpty ? nothing(details.columns.count) : found(shifted, of: details.columns.count)
    ]
    func add(_ columns: [String], _ one: String, _ many: String) {
      guard !columns.isEmpty else { return }
      sentences.append("\(Self.listed(columns)) \(columns.count == 1 ? one : many).")
    }
    add(
      details.columns.filter { !$0.newClasses.isEmpty && $0.severity == 0 }.map(\.column),
      "has values that were not there before", "have values that were not there before")
    add(details.missingColumns, "is gone", "are gone")
    add(details.newColumns, "is new", "are new")
    add(details.typeChanges.map(\.column), "is of another type", "are of another type")
    return sentences.joined(separator: " ")
  }

  private func nothing(_ count: Int) -> String {
    guard count > 0 else { return "No column can be compared \(place)." }
    let none =
      count == 1 ? "The column compared is not" : "None of the \(count) columns compared is"
    return "\(none) distributed differently \(place)."
  }

  private func found(
    _ shifted: [(DriftDetails.ColumnShift, Judgement)], of count: Int
  ) -> String {
    let names = shifted.map { shift, judgement in
      "\"\(shift.column)\"" + (groups.periods.map { " " + $0.words(of: judgement.contrast) } ?? "")
    }
    let more = names.count - Self.named
    let others = names.dropFirst().prefix(Self.named - 1).joined(separator: ", ")
    return "\(shifted.count) of \(count.counted("column")) "
      + "\(shifted.count == 1 ? "is" : "are") distributed differently \(place)"
      + (shifted.count == 1 ? ": \(names[0])." : ", most of all \(names[0]), then \(others)")
      + (more > 0 ? " and \(more) more." : shifted.count == 1 ? "" : ".")
  }

  private var place: String {
    guard let periods = groups.periods else { return "in \(groups.before) and \(groups.after)" }
    return
      "along \"\(periods.column)\" (\(periods.words(0..<periods.count)), in \(periods.count) periods)"
  }

  private static func listed(_ columns: [String]) -> String {
    let more = columns.count - named
    return columns.prefix(named).map { "\"\($0)\"" }.joined(separator: ", ")
      + (more > 0 ? " and \(more) more" : "")
  }
}
