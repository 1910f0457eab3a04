/// A column of numbers in groups of rows.
struct GroupedNumbers {
  /// Bins hold at least this many numbers of each group on average.
  private static let binSize = 20
  private static let maximumBins = 10
  /// How much each contrast's sides differ; nil where one has no numbers.
  let measures: [DriftMeasure?]
  /// Rows of each group in bins, the last of which is for missing values.
  private let binned: [[Int]]

  /// Linear in the rows, and in the contrasts. The numbers themselves are not kept.
  ///
  /// - Parameters:
  ///   - columns: the column in each group's table.
  ///   - samples: the rows of each group that stand for all.
  init(_ columns: [Column], _ samples: [[Int]], contrasts: [Range<Int>]) {
    let sorted = SortedNumbers(columns, samples)
    // Of the first group, with which others are compared, so that what happens in them moves no bin.
    let first = sorted.numbers(of: [0])
    let bins = min(Self.maximumBins, (sorted.counts.min() ?? 0) / Self.binSize)
    let edges = Self.edges(of: first, bins: max(2, bins))
    var binned = samples.enumerated().map { group, rows in
      [Int](repeating: 0, count: edges.count + 1)
        + [rows.count { columns[group].isMissing($0) }]
    }
    var bin = 0
    for (number, group) in zip(sorted.numbers, sorted.groups) {
      while bin < edges.count, number > edges[bin] { bin += 1 }
      binned[Int(group)][bin] += 1
    }
    self.binned = binned
    let distances = sorted.distances(contrasts)
    measures = contrasts.indices.map { index in
      let inside = contrasts[index].reduce(0) { $0 + sorted.counts[$1] }
      let outside = sorted.numbers.count - inside
      guard inside > 0, outside > 0 else { return nil }
      let test = KolmogorovSmirnov(distance: distances[index], outside, inside)
      let others = samples.indices.filter { !contrasts[index].contains($0) }
      return DriftMeasure(
        psi: Self.psi(of: contrasts[index], against: others, binned), distance: test.distance,
        probability: test.probability)
    }
  }

  /// Quantiles between bins; a bin ends with its upper edge. A number that fills one is a bin of its own,
  /// so that others are told from it to both sides.
  private static func edges(of sorted: [Double], bins: Int) -> [Double] {
    var edges: [Double] = []
    for bin in 1..<bins where !sorted.isEmpty {
      let edge = sorted[min(sorted.count - 1, sorted.count * bin / bins)]
      guard edges.last != edge else { continue }
      let first = sorted.partitioningIndex { $0 >= edge }
      let next = sorted.partitioningIndex { $0 > edge }
      if (next - first) * bins >= sorted.count, edges.last ?? -.infinity < edge.nextDown {
        edges.append(edge.nextDown)
      }
      edges.append(edge)
    }
    return edges
  }

  /// The stability index of groups against others.
  func psi(of after: Range<Int>, against before: [Int]) -> Double {
    Self.psi(of: after, against: before, binned)
  }

  private static func psi(
    of after: Range<Int>, against before: [Int], _ binned: [[Int]]
  ) -> Double {
    func sum(_ groups: some Sequence<Int>) -> [Int] {
      groups.reduce(into: [Int](repeating: 0, count: binned[0].count)) { sums, group in
        for (bin, count) in binned[group].enumerated() { sums[bin] += count }
      }
    }
    return PopulationStability.index(sum(before), sum(after))
  }
}
