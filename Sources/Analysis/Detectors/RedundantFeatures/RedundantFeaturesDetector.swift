/// Finds columns that tell nothing, or nothing that another does not tell: constant and nearly
/// constant ones, copies, and groups of columns that go together so closely that one would do.
///
/// Numbers are compared by Pearson's and Spearman's correlation, classes by Cramér's V with
/// Bergsma's correction of its bias ("A bias-correction for Cramér's V and Tschuprow's T", 2013),
/// integers of few values by both. Columns linked directly or through others make a group, of which
/// one is to be kept. The label, identifiers, free text and dates are left out; copies are looked for
/// among all but the label. No row is flagged: it is the column that is at fault.
///
/// Correlations are estimated on at most 20,000 rows, and on fewer if there are many columns, so
/// that the pairs of 2,000 columns of numbers cost about a second; more columns are left out and
/// named.
struct RedundantFeaturesDetector: Detector {
  static let kind = DetectorKind.redundantFeatures
  static let weight = 0.04
  static let effort = 2.0
  static let meaning = "Columns that tell nothing that another does not tell."
  static let parameters: [DetectorParameter] = [
    .number(
      "near_constant_share", 0.99, in: 0.5...1,
      "A column is nearly constant if one value, or none, fills at least this share of the rows."),
    .number(
      "correlation", 0.95, in: 0.5...1,
      "Numbers go together from this correlation on, Pearson's or Spearman's, of either sign."),
    .number("association", 0.95, in: 0.5...1, "Classes go together from this Cramér's V on."),
  ]

  /// In shorter columns a value fills a share of 99 % by chance.
  static let nearConstantRows = 100

  func run(
    _ subject: AnalysisSubject, _ parameters: ParameterValues, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) -> Finding<RedundantFeaturesDetails> {
    let table = subject.table
    let columns = subject.featureColumns
    guard table.rowCount >= 2, !columns.isEmpty else {
      return .skipped(reason: "It takes two rows and a column besides the label.")
    }
    var constant: [Int] = []
    var nearlyConstant: [(column: Int, value: String, share: Double)] = []
    for (step, index) in columns.enumerated() {
      try checkpoint.reached(0.3 * Double(step) / Double(columns.count))
      let found = commonest(index, subject)
      if found.share == 1 {
        constant.append(index)
      } else if found.share >= parameters.number("near_constant_share"),
        table.rowCount >= Self.nearConstantRows
      {
        nearlyConstant.append((index, found.value, found.share))
      }
    }

    let varied = columns.filter { !constant.contains($0) }
    let copies = try EqualColumns.groups(varied, of: table, checkpoint.part(from: 0.3, to: 0.5))
    let repeated = Set(copies.flatMap { $0.dropFirst() })
    // A rare value that two columns have in one row links them by chance.
    let common = varied.filter { index in
      !repeated.contains(index) && !nearlyConstant.contains { $0.column == index }
    }
    let (links, leftOut) = try ColumnLinks(
      correlation: parameters.number("correlation"), association: parameters.number("association")
    ).find(in: subject, common, checkpoint.part(from: 0.5, to: 1))
    let groups = ColumnGroups.connected(by: links).map { members in
      group(members, links.filter { members.contains($0.first) }, table)
    }

    let idle = Set(constant + nearlyConstant.map(\.column))
    let spare = idle.union(repeated).union(groups.flatMap(\.spare))
    let kinds = [
      (idle.count, "(nearly) constant"),
      (Set(repeated).subtracting(idle).count, "a copy of another"),
      (spare.subtracting(idle).subtracting(repeated).count, "told by others"),
    ]
    let parts = kinds.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    return .done(
      Finding<RedundantFeaturesDetails>.Evidence(
        flagged: [],
        // That columns go together is no damage, and damage would undo it.
        soundness: 100 * (1 - Double(idle.union(repeated).count) / Double(columns.count)),
        details: RedundantFeaturesDetails(
          constant: constant.map { table.columns[$0].name },
          nearlyConstant: nearlyConstant.map {
            RedundantFeaturesDetails.NearlyConstant(
              column: table.columns[$0.column].name, value: $0.value, share: $0.share.reported)
          },
          copies: copies.map { group in
            RedundantFeaturesDetails.Copies(
              keep: table.columns[group[0]].name,
              copies: group.dropFirst().map { table.columns[$0].name })
          },
          groups: groups.map(\.details), leftOut: leftOut.map { table.columns[$0].name }),
        sentence: spare.isEmpty
          ? "Each column tells something of its own."
          : "\(spare.count.grouped) of \(columns.count.counted("column")) could be spared: \(parts)."
      ))
  }

  /// Up to this share missing values are gaps in a column; beyond it they may be one of two answers.
  private static let gapShare = 0.05

  /// The value that fills most of a column, "missing" being one if it is no rarity, and its share of the
  /// rows, gaps left out.
  private func commonest(_ index: Int, _ subject: AnalysisSubject) -> (value: String, share: Double)
  {
    let column = subject.table.columns[index]
    let rows = subject.table.rowCount
    let distinct = column.distinctCount + min(1, column.missingCount)
    // Most columns have too many values for one of them to fill a half.
    guard distinct == 1 || distinct - 1 <= rows / 2 else { return ("", 0) }
    let levels = subject.levels(of: index)
    let level = levels.counts.indices.max { levels.counts[$0] < levels.counts[$1] } ?? 0
    guard level > 0 else { return ("", Double(levels.counts[0]) / Double(rows)) }
    let hasGaps = Double(levels.counts[0]) <= Self.gapShare * Double(rows)
    let share = Double(levels.counts[level]) / Double(hasGaps ? rows - levels.counts[0] : rows)
    // With gaps a column is constant but for these.
    return (
      TextCheck.excerpt(column.bytes(Int(levels.firstRow[level]))),
      levels.counts[0] > 0 ? min(share, 1 - 1 / Double(rows)) : share
    )
  }

  private struct Group {
    var spare: [Int]
    var details: RedundantFeaturesDetails.Group
  }

  /// The one to keep has the fewest missing values, then the most distinct ones: the coarser of two
  /// classes follows from the finer one.
  private func group(_ members: [Int], _ links: [ColumnLinks.Link], _ table: Table) -> Group {
    let keep = members.min {
      let (first, second) = (table.columns[$0], table.columns[$1])
      return (first.missingCount, -first.distinctCount, $0)
        < (second.missingCount, -second.distinctCount, $1)
    }
    let kept = keep ?? members[0]
    return Group(
      spare: members.filter { $0 != kept },
      details: RedundantFeaturesDetails.Group(
        columns: members.map { table.columns[$0].name }, keep: table.columns[kept].name,
        links: links.sorted {
          ($1.strength, $0.first, $0.second) < ($0.strength, $1.first, $1.second)
        }
        .prefix(Self.listedLinks).map { link in
          RedundantFeaturesDetails.Link(
            first: table.columns[link.first].name, second: table.columns[link.second].name,
            pearson: link.pearson?.reported, spearman: link.spearman?.reported,
            cramersV: link.cramersV?.reported)
        }))
  }

  /// The strongest links of a group are listed, up to this many.
  private static let listedLinks = 50
}
