/// How a column writes days: the order of year, month and day, what separates them, and whether
/// numbers below ten have a zero before them.
struct DateTemplate {
  private enum Part { case year, month, day }

  private let parts: [Part]
  private let separator: String
  private let isPadded: Bool

  /// Nil if the examples have a time of day, or leave the order open.
  ///
  /// - Parameter examples: spellings of one format, and the seconds since 1970 that they mean.
  init?(_ examples: [(bytes: ArraySlice<UInt8>, seconds: Double)]) {
    guard let first = examples.first,
      let mark = first.bytes.trimmingSpaces().first(where: { !(0x30...0x39).contains($0) })
    else { return nil }
    var orders: [[Part]] = [[.year, .month, .day], [.day, .month, .year], [.month, .day, .year]]
    var hasZero = false
    var isShort = false
    for example in examples {
      let fields = example.bytes.trimmingSpaces().split(separator: mark)
      let numbers = fields.compactMap { Int(String(decoding: $0, as: UTF8.self)) }
      guard fields.count == 3, numbers.count == 3, example.seconds.isFinite else { return nil }
      let date = CivilDay.date(at: example.seconds)
      orders.removeAll { order in
        zip(order, numbers).contains { part, number in
          switch part {
          case .year: number != date.year
          case .month: number != date.month
          case .day: number != date.day
          }
        }
      }
      for field in fields where field.count <= 2 {
        if field.first == 0x30 { hasZero = true }
        if field.count == 1 { isShort = true }
      }
    }
    guard orders.count == 1 else { return nil }
    parts = orders[0]
    separator = String(UnicodeScalar(mark))
    isPadded = hasZero || !isShort
  }

  /// The day of a moment; nil if it is not midnight, as the format has no time.
  func text(_ seconds: Double) -> String? {
    let days = (seconds / 86_400).rounded(.down)
    guard days * 86_400 == seconds, abs(days) < 1e8 else { return nil }
    let date = CivilDay.date(daysSince1970: Int(days))
    return parts.map { part in
      switch part {
      case .year: String(date.year)
      case .month: short(date.month)
      case .day: short(date.day)
      }
    }
    .joined(separator: separator)
  }

  private func short(_ number: Int) -> String {
    number < 10 && isPadded ? "0\(number)" : "\(number)"
  }
}
