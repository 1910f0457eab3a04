extension BiasDetails {
  /// What the properties mean.
  public static let meanings: [String: String] = [
    "label": "The label column; absent if there is none.",
    "favourable_class": "The class that counts as good for a person; absent without one.",
    "notes": "How it was chosen, or what could not be compared and why.",
    "comparisons": "How many comparisons were made; findings hold for all of them at once.",
    "attributes": "Single columns, then pairs of them.",
    "attributes.columns": "The columns.",
    "attributes.guessed": "Whether the column was guessed by its name.",
    "attributes.grouping":
      "How groups are made: `values`, `age_bands`, `quartiles` or `intersection`.",
    "attributes.ungrouped": "Rows that belong to no listed group.",
    "attributes.groups": "The groups, the 100 largest at most.",
    "attributes.groups.name": "The value, or the range of values.",
    "attributes.groups.rows": "Its rows.",
    "attributes.groups.share": "Their share of the rows in any group.",
    "attributes.groups.expected_share": "The share that it is measured against; absent if unknown.",
    "attributes.groups.too_small": "Whether it has too few rows to be judged.",
    "attributes.groups.rates": "Rates of its rows; those of too few rows are left out.",
    "attributes.groups.rates.measure": "What the rate is of.",
    "attributes.groups.rates.rate": "The rate.",
    "attributes.groups.mean": "The mean of a numeric label.",
    "attributes.groups.median": "The median of a numeric label.",
    "attributes.association": "How strongly group and class go together; absent without classes.",
    "attributes.gaps": "Differences between the groups of highest and lowest rate, or mean.",
    "attributes.gaps.measure": "What is compared.",
    "attributes.gaps.highest": "The group with the highest rate or mean.",
    "attributes.gaps.lowest": "The group with the lowest.",
    "attributes.gaps.difference": "The highest minus the lowest.",
    "attributes.gaps.ratio": "The lowest rate over the highest; absent for means.",
    "findings": "Differences beyond chance and of a size that matters.",
    "findings.measure": "What differs.",
    "findings.columns": "The columns that make the groups.",
    "findings.group": "The group that fares worse; absent where the whole attribute is meant.",
    "findings.compared_with": "The group that it is compared with.",
    "findings.effect": "The size of the effect, with its confidence interval.",
    "findings.sentence": "What was found, for a person.",
  ].merging(estimates, uniquingKeysWith: { own, _ in own })

  private static let estimates = Dictionary(
    uniqueKeysWithValues: [
      "attributes.groups.share", "attributes.groups.rates.rate", "attributes.groups.mean",
      "attributes.groups.median", "attributes.association", "attributes.gaps.difference",
      "findings.effect",
    ].flatMap { path in
      [
        ("\(path).value", "What was measured."),
        ("\(path).low", "The interval's lower end."),
        ("\(path).high", "The interval's upper end."),
      ]
    })
}
