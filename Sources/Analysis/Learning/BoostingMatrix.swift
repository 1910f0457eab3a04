import CXGBoost

/// Rows of features in libxgboost's own form.
final class BoostingMatrix {
  /// Histogram bins of a feature.
  static let bins = 64

  let rowCount: Int
  let handle: DMatrixHandle

  /// Sorts the values of some rows into bins, to learn from: two bytes a value.
  ///
  /// Of a plain matrix libxgboost would do that before the first round, and could not be stopped; batch
  /// by batch it makes the same bins.
  ///
  /// - Parameters:
  ///   - rows: at least one.
  ///   - labels: a label for each row of `features`, whether or not it is in `rows`.
  ///   - spend: is told before each batch about how many additions and multiplications it takes; if it
  ///     throws, that ends the work.
  init(
    binning features: TreeFeatures, rows: [Int], labels: [Float],
    spend: @escaping (Int) throws -> Void = { _ in }
  ) throws {
    rowCount = rows.count
    try Self.silence()
    let batches = try RowBatches(features, rows: rows, spend: spend)
    var made: DMatrixHandle?
    let status = XGQuantileDMatrixCreateFromCallback(
      Unmanaged.passUnretained(batches).toOpaque(), batches.proxy, nil,
      { RowBatches.of($0).begin() }, { RowBatches.of($0).next() },
      #"{"missing": NaN, "nthread": 1, "max_bin": \#(Self.bins)}"#, &made)
    if let failure = batches.failure {
      if let made { XGDMatrixFree(made) }
      throw failure
    }
    try BoostingError.check("sort values into bins") { status }
    handle = try Self.required(made)
    let ordered = rows.map { labels[$0] }
    try BoostingError.check("copy labels") {
      XGDMatrixSetFloatInfo(handle, "label", ordered, UInt64(ordered.count))
    }
  }

  /// Copies some rows to be predicted, 8 bytes a value.
  ///
  /// - Parameter rows: at least one.
  init(_ features: TreeFeatures, rows: [Int]) throws(BoostingError) {
    precondition(!rows.isEmpty && !features.columns.isEmpty)
    rowCount = rows.count
    try Self.silence()
    var made: DMatrixHandle?
    try BoostingError.check("copy rows") {
      features.withRows(rows[...]) { buffer in
        XGDMatrixCreateFromDense(
          Self.interface(buffer, rows: rows.count), #"{"missing": NaN, "nthread": 1}"#, &made)
      }
    }
    handle = try Self.required(made)
  }

  /// Copies some rows to be predicted, in parts of which each is made in a fraction of a second.
  ///
  /// - Parameter spend: is told before each part about how many additions and multiplications it takes;
  ///   if it throws, that ends the work.
  static func copies(
    of features: TreeFeatures, rows: [Int], spend: (Int) throws -> Void
  ) throws -> [BoostingMatrix] {
    let width = features.columns.count
    let rowsAtOnce = max(1, valuesOfCopy / width)
    return try stride(from: 0, to: rows.count, by: rowsAtOnce).map { start in
      let part = rows[start..<min(rows.count, start + rowsAtOnce)]
      try spend(part.count * width * RowBatches.workPerValue)
      return try BoostingMatrix(features, rows: Array(part))
    }
  }

  private static let valuesOfCopy = 1 << 21

  deinit { XGDMatrixFree(handle) }

  /// Keeps the library from writing to the standard error; it knows that by thread.
  private static func silence() throws(BoostingError) {
    try BoostingError.check("be silent") { XGBSetGlobalConfig(#"{"verbosity": 0}"#) }
  }

  private static func required(_ handle: DMatrixHandle?) throws(BoostingError) -> DMatrixHandle {
    guard let handle else { throw BoostingError(operation: "make a matrix", message: "no matrix") }
    return handle
  }

  /// Where rows of floats lie in memory, as NumPy's array interface says it.
  static func interface(_ buffer: UnsafeMutableBufferPointer<Float>, rows: Int) -> String {
    let address = UInt(bitPattern: buffer.baseAddress)
    return """
      {"data": [\(address), true], "shape": [\(rows), \(buffer.count / rows)], \
      "typestr": "<f4", "version": 3}
      """
  }
}

/// Gives rows to libxgboost batch by batch, from the beginning as often as it asks for that.
private final class RowBatches {
  /// Values of a batch: sorting them into bins takes some milliseconds.
  private static let valueCount = 1 << 17
  /// What a value costs each time it is given, in additions and multiplications: libxgboost 1.7 takes
  /// 35 ns, of four times together 140.
  static let workPerValue = 30

  /// Stands for the batch that is given.
  let proxy: DMatrixHandle
  /// Why rows are given no more.
  private(set) var failure: (any Error)?

  private let features: TreeFeatures
  private let rows: [Int]
  private let spend: (Int) throws -> Void
  private let batch: UnsafeMutableBufferPointer<Float>
  private var start = 0

  init(_ features: TreeFeatures, rows: [Int], spend: @escaping (Int) throws -> Void) throws {
    precondition(!rows.isEmpty && !features.columns.isEmpty)
    self.features = features
    self.rows = rows
    self.spend = spend
    var made: DMatrixHandle?
    try BoostingError.check("begin a matrix") { XGProxyDMatrixCreate(&made) }
    guard let made else { throw BoostingError(operation: "begin a matrix", message: "no proxy") }
    proxy = made
    let width = features.columns.count
    let rowsAtOnce = min(rows.count, max(1, Self.valueCount / width))
    batch = .allocate(capacity: rowsAtOnce * width)
  }

  deinit {
    batch.deallocate()
    XGDMatrixFree(proxy)
  }

  static func of(_ handle: DataIterHandle?) -> RowBatches {
    guard let handle else { preconditionFailure("libxgboost gives back the iterator it was given") }
    return Unmanaged.fromOpaque(handle).takeUnretainedValue()
  }

  func begin() { start = 0 }

  /// - Returns: 1, or 0 if there is nothing more.
  func next() -> Int32 {
    let width = features.columns.count
    let end = min(rows.count, start + batch.count / width)
    guard failure == nil, start < end else { return 0 }
    do {
      let values = UnsafeMutableBufferPointer(rebasing: batch[..<((end - start) * width)])
      try spend(values.count * Self.workPerValue)
      features.copy(rows[start..<end], to: values)
      try BoostingError.check("take rows") {
        XGProxyDMatrixSetDataDense(proxy, BoostingMatrix.interface(values, rows: end - start))
      }
      start = end
      return 1
    } catch {
      failure = error
      return 0
    }
  }
}
