import Analysis

extension Schema {
  /// What a detector says besides the rows that it flags.
  static func details(of kind: DetectorKind) -> Schema {
    switch kind {
    case .missingValues: missingValues
    case .exactDuplicates: exactDuplicates
    case .outliers: outliers
    case .classImbalance: classImbalance
    case .labelErrors: labelErrors
    case .bias: bias
    }
  }

  private static let missingValues = Schema.object(
    "MissingValues", nil,
    [
      .required("missing_cells", .count, "Cells without a value."),
      .required("complete_rows", .count, "Rows with a value in every column."),
      .required(
        "columns",
        .list(
          of: .object([
            .required("column", .text, "The column."),
            .required("missing", .count, "Cells without a value."),
            .required("rate", .number, "Their share of the rows."),
          ])), "The columns with missing values."),
      .required(
        "pattern_count", .count,
        "How many patterns of missing columns there are, complete rows included."),
      .required(
        "patterns",
        .list(
          of: .object([
            .required("missing", .list(of: .text), "The columns that are missing."),
            .required("rows", .count, "The rows."),
          ])), "The commonest 50 of them."),
      .required(
        "missing_together", .list(of: .list(of: .text)),
        "Groups of columns that are missing in the same rows, in 95 % at least."),
      .required(
        "dependences",
        .list(
          of: .object([
            .required("column", .text, "The column with missing values."),
            .required("depends_on", .text, "The column that it depends on."),
            .required("is_label", .boolean, "Whether that is the label."),
            .required(
              "effect", .number, "Cramér's V or the rank-biserial correlation, from 0 to 1."),
            .required(
              "p_value", .number, "The probability of as much by chance, corrected after Holm."),
            .required("words", .text, "The dependence in words."),
          ])), "What missingness depends on, the label first, then the strongest first."),
      .required(
        "stand_ins",
        .list(
          of: .object([
            .required("column", .text, "The column."),
            .required("value", .text, "The value as it is written."),
            .required("rows", .count, "Rows that have it."),
            .required("reason", .text, "Why it is suspected."),
          ])), "Values that probably stand for missing ones."),
    ])

  private static let exactDuplicates = Schema.object(
    "ExactDuplicates", nil,
    [
      .required("group_count", .count, "How many groups of equal rows there are."),
      .required(
        "groups",
        .list(
          of: .object([
            .required("keep", .count, "The first row of the group, which is the one to keep."),
            .required("duplicates", .list(of: .count), "The others, the first 1,000 of them."),
          ])), "The first 1,000 groups."),
      .required(
        "label_conflict_count", .count,
        "How many groups have equal features but different labels."),
      .required(
        "label_conflicts",
        .list(
          of: .object([
            .required("rows", .list(of: .count), "The rows, the first 1,000 of them."),
            .required("labels", .list(of: .text), "Their labels."),
          ])), "The first 1,000 of them."),
    ])

  private static let outliers = Schema.object(
    "Outliers", nil,
    [
      .required(
        "columns",
        .list(
          of: .object([
            .required("column", .text, "The column."),
            .required("outliers", .count, "Values outside the usual range."),
            .required("median", .number, "The median."),
            .optional("lower", .number, "The least usual value; absent if any is."),
            .optional("upper", .number, "The largest usual value; absent if any is."),
            .required(
              "power", .number, "The power scale on which it was judged: 1 as it is, 0 logarithmic."
            ),
            .required(
              "threshold", .number, "The modified z-score from which values are outliers."),
          ])), "The columns of numbers.")
    ])

  private static let classImbalance = Schema.object(
    "ClassImbalance", nil,
    [
      .required(
        "classes",
        .list(
          of: .object([
            .required("label", .text, "The class's label."),
            .required("count", .count, "Its rows."),
            .required("share", .number, "Their share of the labelled rows."),
            .required("is_rare", .boolean, "Whether it has far fewer rows than an even share."),
          ])), "The classes in ascending order of their labels."),
      .required(
        "imbalance_ratio", .number, "Rows of the largest class over those of the smallest."),
      .required("evenness", .number, "From 0 to 1, where all classes are of equal size."),
      .required("advice", .list(of: .text), "What to do about it, in sentences."),
    ])

  private static let labelErrors = Schema.object(
    "LabelErrors", nil,
    [
      .required("checked_rows", .count, "Rows with a label that could be checked."),
      .required("left_out_classes", .list(of: .text), "Classes that are too small to be checked."),
      .required(
        "classes",
        .list(
          of: .object([
            .required("label", .text, "The class's label."),
            .required("count", .count, "Rows labelled so."),
            .optional(
              "threshold", .number,
              "From this probability on a row counts as confidently of it; absent if none has it."),
            .required(
              "estimated_errors", .count, "How many of its rows are estimated to be of another."),
            .required("noise", .number, "Their share."),
            .required(
              "missed_rows", .count,
              "How many rows of the class are estimated to have another label."),
            .required("inverse_noise", .number, "Their share of the class's rows."),
            .required("flagged", .count, "How many of its rows are flagged."),
          ])), "The checked classes; the matrices follow their order."),
      .required(
        "noise_matrix", .list(of: .list(of: .number)),
        "Estimated probability of each given label (row) for each true label (column)."),
      .required(
        "inverse_noise_matrix", .list(of: .list(of: .number)),
        "Estimated probability of each true label (row) for each given label (column)."),
      .required(
        "confident_joint", .list(of: .list(of: .count)),
        "Estimated rows by given label (row) and true label (column)."),
      .required("health", .number, "Estimated share of the labels that are right."),
      .optional(
        "agreement", .number, "Share of the checked rows whose label is the most probable one."),
      .optional(
        "log_loss", .number,
        "Cross-validated log loss of the model; absent if probabilities were given."),
      .optional(
        "row_scores", .list(of: .number.orNull),
        "For each data row how much its label is doubted; null where there is nothing to check. "
          + "Only if all scores were asked for."),
    ])

  private static let estimate = Schema.object([
    .required("value", .number, "What was measured."),
    .required("low", .number, "The confidence interval's lower end."),
    .required("high", .number, "Its upper end."),
  ])

  private static let biasMeasure = Schema.word(BiasMeasure.allCases.map(\.rawValue))

  private static let biasGroup = Schema.object([
    .required("name", .text, "The value, or the range of values."),
    .required("rows", .count, "The group's rows."),
    .required("share", estimate, "Their share of the rows in any group."),
    .optional("expected_share", .number, "The share that it is measured against."),
    .required("too_small", .boolean, "Whether it has too few rows to be judged."),
    .required(
      "rates",
      .list(
        of: .object([
          .required("measure", biasMeasure, "What is counted."),
          .required("rate", estimate, "Its share."),
        ])), "Rates of its rows; those of too few rows are left out."),
    .optional("mean", estimate, "The mean of a numeric label."),
    .optional("median", estimate, "The median of a numeric label."),
  ])

  private static let bias = Schema.object(
    "Bias", nil,
    [
      .optional("label", .text, "The label column; absent if there is none."),
      .optional("favourable_class", .text, "The class that counts as good for a person."),
      .required("notes", .list(of: .text), "How it was chosen, and what could not be compared."),
      .required("comparisons", .count, "How many comparisons the findings hold for at once."),
      .required(
        "attributes",
        .list(
          of: .object([
            .required("columns", .list(of: .text), "The columns that make the groups."),
            .required("guessed", .boolean, "Whether the column was guessed by its name."),
            .required("grouping", .text, "How groups are made."),
            .required("ungrouped", .count, "Rows that belong to no listed group."),
            .required("groups", .list(of: biasGroup), "The groups."),
            .optional("association", estimate, "Cramér's V of group and class."),
            .required(
              "gaps",
              .list(
                of: .object([
                  .required("measure", biasMeasure, "What is compared."),
                  .required("highest", .text, "The group with the highest rate or mean."),
                  .required("lowest", .text, "The group with the lowest."),
                  .required("difference", estimate, "The highest minus the lowest."),
                  .optional("ratio", .number, "The lowest rate over the highest."),
                ])), "Differences between the groups that fare best and worst."),
          ])), "Single columns, then pairs of columns."),
      .required(
        "findings",
        .list(
          of: .object([
            .required("measure", biasMeasure, "What differs."),
            .required("columns", .list(of: .text), "The columns that make the groups."),
            .optional("group", .text, "The group that fares worse."),
            .optional("compared_with", .text, "The group that it is compared with."),
            .required("effect", estimate, "The size of the effect."),
            .required("sentence", .text, "What was found."),
          ])), "Differences beyond chance and of a size that matters."),
    ])
}
