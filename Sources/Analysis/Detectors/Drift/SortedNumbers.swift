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
