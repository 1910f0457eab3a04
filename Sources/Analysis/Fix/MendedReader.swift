/// Reads the table that a plan makes of a dataset, from the dataset's bytes as they come: the mended
/// bytes are never held. A flag column is left out, as it is no part of the data.
public struct MendedReader: Sendable {
  private var writer: FixWriter
  private var reader: DatasetReader
  private var mended: [UInt8] = []

  /// Creates a reader.
  ///
  /// - Parameter limits: Bounds on the mended dataset.
  /// - Throws: ``FixError`` if the plan contradicts itself.
  public init(_ plan: FixPlan, limits: DatasetLimits) throws(FixError) {
    var plan = plan
    plan.flagColumn = nil
    writer = try FixWriter(plan)
    reader = DatasetReader(
      format: plan.dataset.layout.format, encoding: plan.dataset.layout.encoding, limits: limits)
  }

  /// Reads the next piece of the dataset as it was.
  ///
  /// - Throws: ``FixError``, ``DatasetError``.
  public mutating func append(_ bytes: [UInt8]) throws {
    mended.removeAll(keepingCapacity: true)
    try writer.append(bytes, to: &mended)
    try reader.append(mended)
  }

  /// Ends the input.
  ///
  /// - Parameter isCancelled: asked often, on the calling thread; answering true ends the work.
  /// - Throws: ``FixError``, ``DatasetError``, which it is, too, if no row is left; ``AnalysisCancelled``.
  public mutating func finish(isCancelled: () -> Bool = { false }) throws -> Table {
    mended.removeAll(keepingCapacity: true)
    try writer.finish(&mended)
    try reader.append(mended)
    return try reader.finish(isCancelled: isCancelled)
  }
}
