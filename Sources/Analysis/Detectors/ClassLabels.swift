/// The classes a detector of labels works on, or why there are none.
enum ClassLabels {
  case classes(LabelColumn)
  case none(reason: String)

  static func require(_ subject: AnalysisSubject) -> ClassLabels {
    guard let label = subject.label else {
      return .none(
        reason: "No label column was named, and no column has one of the names that are taken for "
          + "it: \(LabelColumn.guessedNames.joined(separator: ", ")).")
    }
    let column = subject.table.columns[label.column]
    guard label.task == .classification else {
      if let reason = wordsWhereNumbersBelong(label, column) { return .none(reason: reason) }
      return .none(
        reason: "The labels in \"\(column.name)\" are numbers, not classes. If they are classes, "
          + "say so with the task type classification.")
    }
    guard column.distinctCount <= LabelColumn.maximumClasses else {
      return .none(
        reason: "\"\(column.name)\" has \(column.distinctCount.grouped) different labels; more "
          + "than \(LabelColumn.maximumClasses) are not taken for classes.")
    }
    guard label.classes.count >= 2 else {
      return .none(
        reason: label.classes.isEmpty
          ? "\"\(column.name)\" has no labels." : "All labels in \"\(column.name)\" are the same.")
    }
    return .classes(label)
  }

  /// Why labels of regression cannot be judged that are no numbers; nil if there are numbers.
  static func wordsWhereNumbersBelong(_ label: LabelColumn, _ column: Column) -> String? {
    guard label.task == .regression, column.missingCount < column.count,
      !column.numericValues().contains(where: \.isFinite)
    else { return nil }
    return
      "The labels in \"\(column.name)\" are no numbers, which regression is about. If they are "
      + "classes, say so with the task type classification."
  }
}
