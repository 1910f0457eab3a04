/// What a column is used as.
public enum ColumnRole: String, Codable, Sendable, CaseIterable {
  /// It describes rows.
  case feature
  /// It holds the labels.
  case label
  /// It holds a model's predictions.
  case prediction
  /// It holds the probability of a class.
  case probability
  /// It says which part of a split a row belongs to.
  case split
  /// Changes are looked for along it; it describes rows, too.
  case time
  /// It names rows.
  case identifier
  /// It has no value.
  case empty

  init(_ type: ColumnType) {
    switch type {
    case .identifier: self = .identifier
    case .empty: self = .empty
    default: self = .feature
    }
  }

  /// The role in a few words.
  var words: String {
    switch self {
    case .feature: "feature"
    case .label: "label"
    case .prediction: "predictions of a model"
    case .probability: "probabilities of a class"
    case .split: "splits the rows; not learnt from"
    case .time: "time, along which drift is looked for"
    case .identifier: "names rows; not learnt from"
    case .empty: "empty; not learnt from"
    }
  }
}

extension AnalysisSubject {
  /// What a column is used as.
  func role(of index: Int) -> ColumnRole {
    let name = table.columns[index].name
    func isNamed(_ option: String?) -> Bool {
      option.flatMap { table.columnIndex(named: $0) } == index
    }
    if index == label?.column { return .label }
    if isNamed(options.predictionColumn) { return .prediction }
    if isNamed(options.splitColumn) { return .split }
    if let prefix = options.probabilityPrefix, name.hasPrefix(prefix) { return .probability }
    if isNamed(options.timeColumn) { return .time }
    return ColumnRole(table.columns[index].type)
  }
}
