/// How well one feature alone predicts the label of a row that it has not seen, each row being
/// predicted from all others.
///
/// For classes this is the share of errors that the feature saves against always answering the
/// commonest class: Goodman and Kruskal's lambda (1954), out of sample. The classes' shares are so
/// allowed for: where one class has 99 % of the rows, an accuracy of 99 % is worth 0.
enum FeaturePower {
  /// Values that occur at least this often are predicted from each other, rarer ones from this many
  /// neighbours.
  private static let neighbours = 4

  // MARK: Classes

  /// The power of classes; "missing", level 0, is one of them.
  static func ofLevels(_ levels: [UInt32], _ classes: [Int], classCount: Int) -> Double {
    var counts = ContingencyTable(
      rows: Int(levels.max() ?? 0) + 1, columns: classCount)
    for (level, label) in zip(levels, classes) { counts.add(Int(level), label) }
    let total = totals(classes, classCount)
    let commonest = total.indices.max { total[$0] < total[$1] } ?? 0
    var correct = 0
    for level in 0..<counts.rowCount {
      let row = (0..<classCount).map { counts[level, $0] }
      if row.reduce(0, +) == 1 {
        // Seen for the first time, it tells nothing.
        correct += row[commonest]
      } else {
        correct += correctWithin(row)
      }
    }
    return lambda(correct, total)
  }

  /// The power of numbers; rows without one are predicted from each other.
  static func ofNumbers(_ numbers: [Double], _ classes: [Int], classCount: Int) -> Double {
    let total = totals(classes, classCount)
    var absent = [Int](repeating: 0, count: classCount)
    var present: [Int] = []
    for (position, number) in numbers.enumerated() {
      if number.isNaN { absent[classes[position]] += 1 } else { present.append(position) }
    }
    var correct = correctWithin(absent)
    let order = present.sorted { (numbers[$0], $0) < (numbers[$1], $1) }
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, numbers[order[end]] == numbers[order[start]] { end += 1 }
      if end - start > neighbours {
        var counts = [Int](repeating: 0, count: classCount)
        for position in order[start..<end] { counts[classes[position]] += 1 }
        correct += correctWithin(counts)
      } else {
        for position in start..<end
        where isToldByNeighbours(position, order, numbers, classes) { correct += 1 }
      }
      start = end
    }
    return lambda(correct, total)
  }

  /// How many of a group's rows have the class that most of its other rows have; a draw counts as an
  /// error.
  private static func correctWithin(_ counts: [Int]) -> Int {
    var (largest, second) = (0, 0)
    for count in counts {
      if count > largest {
        (largest, second) = (count, largest)
      } else if count > second {
        second = count
      }
    }
    return largest - 1 > second ? largest : 0
  }

  /// Whether most of the neighbours in ascending order have the row's class; in a draw the nearest
  /// decides.
  private static func isToldByNeighbours(
    _ position: Int, _ order: [Int], _ numbers: [Double], _ classes: [Int]
  ) -> Bool {
    let own = classes[order[position]]
    let reach = neighbours / 2
    let others = (max(0, position - reach)...min(order.count - 1, position + reach)).filter {
      $0 != position
    }
    let votes = others.map { classes[order[$0]] }
    let mine = votes.count { $0 == own }
    let theirs = votes.map { vote in vote == own ? 0 : votes.count { $0 == vote } }.max() ?? 0
    guard mine == theirs, mine > 0 else { return mine > theirs }
    let value = numbers[order[position]]
    let nearest = others.map { abs(numbers[order[$0]] - value) }.min() ?? 0
    return others.allSatisfy {
      abs(numbers[order[$0]] - value) > nearest || classes[order[$0]] == own
    }
  }

  private static func totals(_ classes: [Int], _ count: Int) -> [Int] {
    var total = [Int](repeating: 0, count: count)
    for label in classes { total[label] += 1 }
    return total
  }

  private static func lambda(_ correct: Int, _ totals: [Int]) -> Double {
    let rows = totals.reduce(0, +)
    let commonest = totals.max() ?? 0
    guard rows > commonest else { return 0 }
    return max(0, Double(correct - commonest) / Double(rows - commonest))
  }

  // MARK: Numbers

  /// The share of the variance of labels' ranks that a monotone function of the feature explains:
  /// the square of Spearman's correlation. 0 if fewer than nine tenths of the rows have a number.
  static func ofNumbers(_ numbers: [Double], ranks labels: [Double]) -> Double {
    let features = MeanRanks.of(numbers)
    let rows = features.indices.filter { !features[$0].isNaN }
    guard rows.count * 10 >= features.count * 9, !rows.isEmpty else { return 0 }
    let n = Double(rows.count)
    let meanX = rows.reduce(0) { $0 + features[$1] } / n
    let meanY = rows.reduce(0) { $0 + labels[$1] } / n
    var (xx, yy, xy) = (0.0, 0.0, 0.0)
    for row in rows {
      let (x, y) = (features[row] - meanX, labels[row] - meanY)
      xx += x * x
      yy += y * y
      xy += x * y
    }
    return xx > 0 && yy > 0 ? xy * xy / (xx * yy) : 0
  }

  /// The same for classes: each row's rank is predicted by the mean of the others of its level, a
  /// level seen for the first time by the mean of all.
  static func ofLevels(_ levels: [UInt32], ranks labels: [Double]) -> Double {
    let mean = labels.reduce(0, +) / Double(max(1, labels.count))
    var sums = [Double](repeating: 0, count: Int(levels.max() ?? 0) + 1)
    var counts = [Double](repeating: 0, count: sums.count)
    for (level, label) in zip(levels, labels) {
      sums[Int(level)] += label
      counts[Int(level)] += 1
    }
    var (errors, variance) = (0.0, 0.0)
    for (level, label) in zip(levels, labels) {
      let count = counts[Int(level)]
      let predicted = count > 1 ? (sums[Int(level)] - label) / (count - 1) : mean
      errors += (label - predicted) * (label - predicted)
      variance += (label - mean) * (label - mean)
    }
    return variance > 0 ? max(0, 1 - errors / variance) : 0
  }
}
