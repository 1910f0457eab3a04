import CLinear

/// Rows as sparse vectors in liblinear's layout, one after another in one array.
struct FeatureMatrix: Sendable {
  /// Index and value of each feature that is not zero; each row ends with the constant feature for
  /// the intercept and index -1.
  private(set) var nodes: [feature_node] = []
  /// Where each row begins in `nodes`.
  private(set) var starts: [Int] = []
  private(set) var featureCount = 0

  var rowCount: Int { starts.count }

  /// Numbers beyond this many standard deviations are drawn in, so that one wild value cannot rule
  /// a model.
  static let clip = 5.0
  /// Categories beyond this many most frequent levels share the zero vector.
  static let levelLimit = 200

  /// Encodes rows of a table: numbers standardised, a missing number as the mean with an indicator,
  /// a category as one of its levels, text as hashed words.
  ///
  /// - Parameter withProducts: adds squares and products of the standardised numbers.
  init(table: Table, columns: [Int], rows: [Int], withProducts: Bool) {
    var numeric: [[Double]] = []
    var sparse: [SparseColumn] = []
    for index in columns {
      let column = table.columns[index]
      switch column.type {
      case .integer, .real, .dateTime:
        let encoded = Self.standardise(rows.map { column.number($0) })
        guard let values = encoded.values else { continue }
        numeric.append(values)
        if let indicator = encoded.missing { numeric.append(indicator) }
      case .boolean, .category:
        sparse.append(.levels(CategoryEncoding(column: column, rows: rows, limit: Self.levelLimit)))
      case .text:
        sparse.append(.words(TextEncoding(column: column, rows: rows)))
      case .identifier, .empty:
        continue
      }
    }
    if withProducts { numeric += Self.products(numeric) }

    let sparseStart = numeric.count
    starts.reserveCapacity(rows.count)
    nodes.reserveCapacity(rows.count * (numeric.count + sparse.count + 2))
    featureCount = sparseStart + sparse.reduce(0) { $0 + $1.width }
    for position in rows.indices {
      starts.append(nodes.count)
      for (feature, values) in numeric.enumerated() where values[position] != 0 {
        nodes.append(feature_node(index: Int32(feature + 1), value: values[position]))
      }
      var offset = sparseStart
      for column in sparse {
        column.forEachFeature(position) { feature, value in
          nodes.append(feature_node(index: Int32(offset + feature + 1), value: value))
        }
        offset += column.width
      }
      nodes.append(feature_node(index: Int32(featureCount + 1), value: 1))
      nodes.append(feature_node(index: -1, value: 0))
    }
  }

  /// Mean 0 and variance 1; missing and infinite values become the mean. Nil for a constant.
  private static func standardise(
    _ values: [Double]
  ) -> (values: [Double]?, missing: [Double]?) {
    let finite = values.filter(\.isFinite)
    var scaled: [Double]?
    // Halving twice first keeps sums of the largest doubles finite.
    let largest = finite.reduce(0) { max($0, abs($1)) }
    if largest > 0 {
      let mean = finite.reduce(0) { $0 + $1 / largest } / Double(finite.count)
      let variance =
        finite.reduce(0) { $0 + ($1 / largest - mean) * ($1 / largest - mean) }
        / Double(finite.count)
      if variance > 1e-24 {
        let deviation = variance.squareRoot()
        scaled = values.map { value in
          guard value.isFinite else { return 0 }
          return max(-clip, min(clip, (value / largest - mean) / deviation))
        }
      }
    }
    guard finite.count < values.count, !finite.isEmpty else { return (scaled, nil) }
    let indicator = values.map { $0.isFinite ? 0.0 : 1.0 }
    return (scaled ?? indicator, scaled == nil ? nil : indicator)
  }

  private static func products(_ columns: [[Double]]) -> [[Double]] {
    var result: [[Double]] = []
    for first in columns.indices {
      for second in first..<columns.count {
        let product = zip(columns[first], columns[second]).map { $0 * $1 }
        if let scaled = standardise(product).values { result.append(scaled) }
      }
    }
    return result
  }
}

/// A column that becomes several features, few of them non-zero in a row.
private enum SparseColumn {
  case levels(CategoryEncoding)
  case words(TextEncoding)

  var width: Int {
    switch self {
    case .levels(let encoding): encoding.levelCount
    case .words: TextEncoding.bucketCount
    }
  }

  /// Visits the features of a row in ascending order.
  func forEachFeature(_ position: Int, _ body: (Int, Double) -> Void) {
    switch self {
    case .levels(let encoding):
      if let level = encoding.levels[position] { body(level, 1) }
    case .words(let encoding):
      for (bucket, weight) in encoding.vectors[position] { body(bucket, weight) }
    }
  }
}
