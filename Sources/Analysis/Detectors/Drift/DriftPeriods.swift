/// Periods that follow on each other, of about as many rows each, which begin where a year, month, day, hour
/// or minute does, as far as that parts the rows evenly.
struct DriftPeriods {
  /// A period, by its first and last unit of time, or number.
  struct Period {
    var from: String
    var to: String
  }

  /// So many periods there are if there are rows enough.
  private static let maximumCount = 10
  /// Units are too coarse that make fewer periods than this share of those wanted, or one that is
  /// larger than even ones by more than this factor.
  private static let enough = 0.8
  private static let excess = 1.5

  /// The column of times.
  let column: String
  /// The places of each period's rows in the order of time.
  let places: [Range<Int>]
  private let periods: [Period]

  var count: Int { periods.count }

  subscript(_ period: Int) -> Period { periods[period] }

  /// - Parameter order: the rows with a time or number, ascending; not empty.
  init(_ column: Column, _ order: [UInt32]) {
    self.column = column.name
    let times = order.map { column.number(Int($0)) }
    let wanted = max(2, min(Self.maximumCount, times.count / DriftDetector.minimumRows))
    let even = Double(times.count) / Double(wanted)
    let units = column.type == .dateTime ? CalendarUnit.allCases.map(Optional.some) + [nil] : [nil]
    var best: (places: [Range<Int>], unit: CalendarUnit?, largest: Int)?
    for unit in units {
      let keys = unit.map { unit in times.map { Double(unit.index(of: $0)) } } ?? times
      let places = Self.parted(keys, into: wanted)
      let largest = places.map(\.count).max() ?? times.count
      if largest < best?.largest ?? .max { best = (places, unit, largest) }
      if Double(places.count) >= Self.enough * Double(wanted),
        Double(largest) <= Self.excess * even
      {
        best = (places, unit, largest)
        break
      }
    }
    let unit = best?.unit
    func name(_ place: Int) -> String {
      unit?.name(of: times[place]) ?? TextCheck.excerpt(column.bytes(Int(order[place])))
    }
    places = best?.places ?? []
    periods = places.map { Period(from: name($0.lowerBound), to: name($0.upperBound - 1)) }
  }

  /// Parts ascending keys where they change, near to even places.
  private static func parted(_ keys: [Double], into wanted: Int) -> [Range<Int>] {
    let changes = keys.indices.dropFirst().filter { keys[$0] != keys[$0 - 1] }
    var cuts = [0]
    var next = 0
    for part in 1..<wanted {
      let ideal = keys.count * part / wanted
      while next < changes.count, changes[next] < ideal { next += 1 }
      let around = [next - 1, next].filter(changes.indices.contains).map { changes[$0] }
      guard let cut = around.min(by: { abs($0 - ideal) < abs($1 - ideal) }),
        cut - cuts[cuts.count - 1] >= DriftDetector.minimumRows,
        keys.count - cut >= DriftDetector.minimumRows
      else { continue }
      cuts.append(cut)
    }
    return zip(cuts, cuts.dropFirst() + [keys.count]).map { $0..<$1 }
  }

  /// When a change was, as in "from 2024-03 on" and "in 2024-03 to 2024-05".
  func words(of change: Range<Int>) -> String {
    change.upperBound == count ? "from \(self[change.lowerBound].from) on" : "in \(words(change))"
  }

  /// Periods as one.
  func words(_ range: Range<Int>) -> String {
    let (from, to) = (self[range.lowerBound].from, self[range.upperBound - 1].to)
    return from == to ? from : "\(from) to \(to)"
  }
}
