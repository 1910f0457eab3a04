/// What is compared between groups: labels and predictions of each row.
struct BiasOutcome {
  /// Labels that are classes.
  let classes: LabelColumn?
  /// Labels that are numbers, NaN where there is none.
  let numbers: [Double]
  /// The rows with a finite numeric label, by ascending label.
  let order: [UInt32]
  let favourable: FavourableClass?
  /// The predicted class of each row (``BiasPredictions/classOfRow``).
  let predictions: [Int]
  /// The label column's index.
  let column: Int?
  let columnName: String?
  let notes: [String]

  init(_ subject: AnalysisSubject, favourable named: String, threshold: Double) {
    let table = subject.table
    column = subject.label?.column
    columnName = column.map { table.columns[$0].name }
    guard let label = subject.label, let columnName, let column else {
      (classes, numbers, order, favourable, predictions) = (nil, [], [], nil, [])
      notes = ["There is no label column: only the sizes of groups are compared."]
      return
    }
    if label.task == .regression {
      numbers = table.columns[column].numericValues()
      order = subject.order(of: column)
      (classes, favourable, predictions) = (nil, nil, [])
      notes =
        subject.options.predictionColumn == nil
        ? [] : ["Predictions are compared by group for classes alone, not for numbers."]
      return
    }
    (numbers, order) = ([], [])
    guard label.classes.count >= 2 else {
      (classes, favourable, predictions) = (nil, nil, [])
      notes = ["\"\(columnName)\" does not hold at least two classes, and few enough to compare."]
      return
    }
    classes = label
    var notes: [String] = []
    favourable = FavourableClass(label, labelName: columnName, named: named)
    if let favourable {
      notes.append(favourable.reason)
    } else if named.isEmpty {
      notes.append(
        "No class is known to be the favourable one, so rates are not compared: name it with the "
          + "parameter favourable_class.")
    } else {
      notes.append(
        "\"\(columnName)\" has no class \"\(named)\", so rates are not compared. The classes are: "
          + "\(label.classes.prefix(20).joined(separator: ", ")).")
    }
    if favourable != nil {
      let made = BiasPredictions(subject, label, threshold: threshold)
      predictions = made.classOfRow
      notes += made.notes
    } else {
      predictions = []
    }
    self.notes = notes
  }
}
