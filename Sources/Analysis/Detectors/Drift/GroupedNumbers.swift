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

  /// Quantiles between bins; a bin ends with its upper edge.
  private static func edges(of sorted: [Double], bins: Int) -> [Double] {
    var edges: [Double] = []
    for bin in 1..<bins where !sorted.isEmpty {
      let edge = sorted[min(sorted.count - 1, sorted.count * bin / bins)]
      if edges.last != edge { edges.append(edge) }
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

/// The finite numbers of a column in groups of rows, in ascending order.
struct SortedNumbers {
  /// Distribution functions are compared at so many places at most, which takes less than a thousandth
  /// from their distance.
  private static let places = 4_096

  let numbers: [Double]
  /// The group of each number.
  let groups: [UInt8]
  /// Numbers of each group.
  let counts: [Int]

  /// Linear in the rows.
  ///
  /// - Parameters:
  ///   - columns: the column in each group's table.
  ///   - samples: rows of each group.
  init(_ columns: [Column], _ samples: [[Int]]) {
    var values: [Double] = []
    var groupOf: [UInt8] = []
    for (group, rows) in samples.enumerated() {
      for row in rows {
        values.append(columns[group].number(row))
        groupOf.append(UInt8(group))
      }
    }
    let order = NumberOrder.ascending(values)
    numbers = order.map { values[Int($0)] }
    groups = order.map { groupOf[Int($0)] }
    counts = groups.reduce(into: [Int](repeating: 0, count: samples.count)) { $0[Int($1)] += 1 }
  }

  /// The numbers of some groups.
  func numbers(of groups: some Sequence<Int>) -> [Double] {
    let wanted = Set(groups.map { UInt8($0) })
    return zip(numbers, self.groups).filter { wanted.contains($0.1) }.map(\.0)
  }

  /// The largest distance of the distribution functions of the groups in each range, and of all
  /// others; 0 where either has no numbers.
  func distances(_ ranges: [Range<Int>]) -> [Double] {
    let inside = ranges.map { range in Double(range.reduce(0) { $0 + counts[$1] }) }
    var passed = [Int](repeating: 0, count: counts.count)
    var largest = [Double](repeating: 0, count: ranges.count)
    let step = 1 + numbers.count / Self.places
    var next = 0
    for place in numbers.indices {
      passed[Int(groups[place])] += 1
      let isLast = place + 1 == numbers.count
      guard place >= next, isLast || numbers[place + 1] != numbers[place] else { continue }
      next = place + step
      for (index, range) in ranges.enumerated() {
        var here = 0
        for group in range { here += passed[group] }
        let distance = abs(
          Double(here) / inside[index]
            - Double(place + 1 - here) / (Double(numbers.count) - inside[index]))
        if distance > largest[index] { largest[index] = distance }
      }
    }
    return largest
  }
}
