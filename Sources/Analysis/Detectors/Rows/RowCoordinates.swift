/// Rows as points, so that they have distances.
///
/// A column of numbers or dates becomes one coordinate on its ``ColumnScale``; a missing number lies
/// at the median. A category becomes a coordinate for each of its most frequent levels and one for
/// the rest, so that two levels are 1 apart, like numbers a standard deviation apart.
///
/// Beyond ``maximumWidth`` coordinates each is spread, with random signs, over a few of that many
/// instead, which keeps distances to about a tenth (sparse Johnson-Lindenstrauss transform, Kane and
/// Nelson 2014), so that wide tables take no more room than narrow ones.
struct RowCoordinates: Sendable {
  static let maximumWidth = 64
  /// Scales are taken from this many values; their quantiles are within a percent of the column's.
  static let scaleSampleSize = 8_192
  static let levelLimit = 8
  /// A category of more levels has nearly as many of them as rows that could agree in one.
  static let maximumLevels = 100
  private static let spread = 8

  /// What becomes a coordinate, and how.
  struct Shape: Sendable {
    /// Whether skewed columns are straightened.
    var isSymmetric: Bool
    /// Numbers are drawn in to this many units.
    var bound: Double
    /// Whether categories are coordinates, too.
    var withCategories: Bool
  }

  let rowCount: Int
  /// Coordinates of a row, filled up with zeros to a multiple of 8.
  let width: Int
  /// Those that are not mere filling.
  let coordinateCount: Int
  /// Row by row.
  private(set) var values: [Float]

  private let sources: [Source]
  private let bound: Double

  private enum Source: Sendable {
    case number(column: Int, ColumnScale)
    case category(column: Int, coordinateOfLevel: [Int], count: Int)

    var count: Int {
      switch self {
      case .number: 1
      case .category(_, _, let count): count
      }
    }

    var column: Int {
      switch self {
      case .number(let column, _), .category(let column, _, _): column
      }
    }
  }

  /// - Parameter candidates: the columns to make coordinates of, where their types allow it.
  init(
    _ subject: AnalysisSubject, _ candidates: [Int], shape: Shape, _ checkpoint: Checkpoint
  ) throws(AnalysisCancelled) {
    rowCount = subject.table.rowCount
    let sample = RowSample.rows(of: rowCount, limit: Self.scaleSampleSize, seed: subject.seed)
    var sources: [Source] = []
    for index in candidates {
      try checkpoint.reached(0)
      if let source = Self.source(index, subject, sample: sample, shape: shape) {
        sources.append(source)
      }
    }
    self.sources = sources
    bound = shape.bound
    let coordinates = sources.reduce(0) { $0 + $1.count }
    let isSpread = coordinates > Self.maximumWidth
    coordinateCount = min(coordinates, Self.maximumWidth)
    width = (coordinateCount + 7) / 8 * 8
    values = [Float](repeating: 0, count: rowCount * width)
    var targets = CoordinateTargets(
      isSpread: isSpread, width: Self.maximumWidth, spread: Self.spread, seed: subject.seed)
    for (step, source) in sources.enumerated() {
      try checkpoint.reached(Double(step) / Double(sources.count))
      switch source {
      case .number(let column, let scale):
        let target = targets.next()
        let numbers = subject.table.columns[column].numericValues()
        add(target) { row in
          let number = numbers[row]
          return number.isNaN ? 0 : Float(scale.apply(to: number, bound: shape.bound))
        }
      case .category(let column, let coordinateOfLevel, let count):
        let levels = subject.levels(of: column).levelOfRow
        for coordinate in 0..<count {
          add(targets.next()) { row in
            coordinateOfLevel[Int(levels[row])] == coordinate ? Float(0.5).squareRoot() : 0
          }
        }
      }
    }
  }

  /// The coordinates of a row.
  subscript(_ row: Int) -> ArraySlice<Float> {
    values[row * width..<row * width + coordinateCount]
  }

  /// The columns that became coordinates.
  var columns: [Int] { sources.map(\.column) }

  /// The part that each of ``columns`` has in the squared distance of two rows, before spreading.
  func parts(_ row: Int, _ other: Int, _ subject: AnalysisSubject) -> [Double] {
    sources.map { source in
      switch source {
      case .number(let column, let scale):
        let numbers = [row, other].map { subject.table.columns[column].number($0) }
        let units = numbers.map { $0.isNaN ? 0 : scale.apply(to: $0, bound: bound) }
        return (units[0] - units[1]) * (units[0] - units[1])
      case .category(let column, let coordinateOfLevel, _):
        let levels = subject.levels(of: column).levelOfRow
        let coordinates = [row, other].map { coordinateOfLevel[Int(levels[$0])] }
        return coordinates[0] == coordinates[1] ? 0 : coordinates.contains(-1) ? 0.5 : 1
      }
    }
  }

  private static func source(
    _ index: Int, _ subject: AnalysisSubject, sample: [Int], shape: Shape
  ) -> Source? {
    let column = subject.table.columns[index]
    switch column.type {
    case .integer, .real, .dateTime:
      let known = sample.map { column.number($0) }.filter(\.isFinite).sorted()
      return ColumnScale(known, isSymmetric: shape.isSymmetric).map {
        .number(column: index, $0)
      }
    case .boolean, .category:
      guard shape.withCategories, (2...maximumLevels).contains(column.distinctCount) else {
        return nil
      }
      let counts = subject.levels(of: index).counts
      let frequent = counts.indices.dropFirst()
        .sorted { (counts[$1], $0) < (counts[$0], $1) }.prefix(levelLimit)
      // Missing cells have no coordinate, levels beyond the frequent ones share the last.
      var coordinateOfLevel = counts.indices.map { $0 == 0 ? -1 : levelLimit }
      for (coordinate, level) in frequent.enumerated() { coordinateOfLevel[level] = coordinate }
      return .category(
        column: index, coordinateOfLevel: coordinateOfLevel,
        count: min(counts.count - 1, levelLimit + 1))
    case .text, .identifier, .empty: return nil
    }
  }

  private mutating func add(_ targets: [(coordinate: Int, factor: Float)], _ value: (Int) -> Float)
  {
    values.withUnsafeMutableBufferPointer { values in
      for row in 0..<rowCount {
        let number = value(row)
        guard number != 0 else { continue }
        for target in targets {
          values[row * width + target.coordinate] += target.factor * number
        }
      }
    }
  }
}

/// Where each coordinate goes: to itself, or spread over a few with random signs.
private struct CoordinateTargets {
  let isSpread: Bool
  let width: Int
  let spread: Int
  private var generator: SeededGenerator
  private var count = 0

  init(isSpread: Bool, width: Int, spread: Int, seed: UInt64) {
    self.isSpread = isSpread
    self.width = width
    self.spread = spread
    generator = SeededGenerator(seed: seed)
  }

  mutating func next() -> [(coordinate: Int, factor: Float)] {
    defer { count += 1 }
    guard isSpread else { return [(count, 1)] }
    // One of each block of coordinates, so that no two of them are the same.
    let block = width / spread
    return (0..<spread).map { part in
      let sign: Float = generator.next() & 1 == 0 ? 1 : -1
      return (
        part * block + generator.next(below: block), sign / Float(spread).squareRoot()
      )
    }
  }
}
