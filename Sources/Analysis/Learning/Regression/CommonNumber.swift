/// A value that a large part of the rows has, as the 0 of amounts that most do not spend.
///
/// Predictions hit it so closely that all other numbers would seem far off; so what is usual is learnt
/// from the others.
enum CommonNumber {
  /// A value is common if this part of the rows has it.
  static let leastShare = 0.25
  /// Fewer others say nothing of what is usual.
  static let leastOthers = 20

  /// The rows that do not have the common value; all rows if there is none.
  static func others(in numbers: [Double]) -> [Int] {
    let sorted = numbers.sorted()
    var common = (value: 0.0, count: 0)
    var start = 0
    while start < sorted.count {
      var end = start + 1
      while end < sorted.count, sorted[end] == sorted[start] { end += 1 }
      if end - start > common.count { common = (sorted[start], end - start) }
      start = end
    }
    guard Double(common.count) >= leastShare * Double(numbers.count),
      numbers.count - common.count >= leastOthers
    else { return Array(numbers.indices) }
    let others = numbers.indices.filter { numbers[$0] != common.value }
    // One of two levels says nothing of numbers of the other one that are wrong.
    return others.contains { numbers[$0] != numbers[others[0]] } ? others : Array(numbers.indices)
  }
}
