/// Applies a plan to the dataset that it was made for, as the bytes come.
///
///     var writer = try FixWriter(plan)
///     var fixed: [UInt8] = []
///     for chunk in chunks { try writer.append(chunk, to: &fixed) }
///     try writer.finish(&fixed)
///
/// What no action names is copied byte for byte: quotes, spaces, line ends, a byte order mark, the
/// spelling of numbers, the order of keys, and whether the last line ends. A cell that changes keeps
/// its quotes if it had any. Pieces may end anywhere; of the input, the writer holds the row that it
/// changes. After an error it is of no further use.
public struct FixWriter: Sendable {
  private enum Rewriter: Sendable {
    case csv(CSVRewriter)
    case ndjson(NDJSONRewriter)
    case json(JSONArrayRewriter)
  }

  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private var rewriter: Rewriter
  /// The first bytes, while they may be a byte order mark.
  private var head: [UInt8]? = []

  /// Creates a writer.
  ///
  /// - Throws: ``FixError`` if the plan contradicts itself.
  public init(_ plan: FixPlan) throws(FixError) {
    let edits = try RowEdits(plan)
    let delimiter = plan.dataset.layout.delimiter?.utf8.first ?? UInt8(ascii: ",")
    rewriter =
      switch plan.dataset.layout.format {
      case .csv: .csv(CSVRewriter(edits, delimiter: delimiter))
      case .ndjson: .ndjson(NDJSONRewriter(edits))
      case .json: .json(JSONArrayRewriter(edits))
      }
  }

  /// Rewrites the next piece of the input; linear in its length.
  public mutating func append(
    _ bytes: UnsafeRawBufferPointer, to output: inout [UInt8]
  ) throws(FixError) {
    guard var first = head else {
      try rewrite(bytes, &output)
      return
    }
    let missing = Self.mark.count - first.count
    first.append(contentsOf: bytes.prefix(missing))
    head = first
    if first.count == Self.mark.count {
      try endHead(&output)
      try rewrite(UnsafeRawBufferPointer(rebasing: bytes.dropFirst(missing)), &output)
    }
  }

  /// Rewrites the next piece of the input; linear in its length.
  public mutating func append(_ bytes: [UInt8], to output: inout [UInt8]) throws(FixError) {
    try bytes.withUnsafeBufferPointer { buffer throws(FixError) in
      try append(UnsafeRawBufferPointer(buffer), to: &output)
    }
  }

  /// Ends the input.
  ///
  /// - Throws: ``FixError`` if it ends too early for the plan.
  public mutating func finish(_ output: inout [UInt8]) throws(FixError) {
    try endHead(&output)
    switch rewriter {
    case .csv(var csv): try csv.finish(&output)
    case .ndjson(var ndjson): try ndjson.finish(&output)
    case .json(var json): try json.finish(&output)
    }
  }

  private mutating func endHead(_ output: inout [UInt8]) throws(FixError) {
    guard let first = head else { return }
    head = nil
    if first == Self.mark {
      output += first
    } else {
      try first.withUnsafeBufferPointer { buffer throws(FixError) in
        try rewrite(UnsafeRawBufferPointer(buffer), &output)
      }
    }
  }

  private mutating func rewrite(
    _ bytes: UnsafeRawBufferPointer, _ output: inout [UInt8]
  ) throws(FixError) {
    switch rewriter {
    case .csv(var csv):
      defer { rewriter = .csv(csv) }
      try csv.rewrite(bytes, &output)
    case .ndjson(var ndjson):
      defer { rewriter = .ndjson(ndjson) }
      try ndjson.rewrite(bytes, &output)
    case .json(var json):
      defer { rewriter = .json(json) }
      try json.rewrite(bytes, &output)
    }
  }
}

extension FixPlan {
  /// Applies the plan to a dataset that is in memory.
  public func apply(to bytes: [UInt8]) throws(FixError) -> [UInt8] {
    var writer = try FixWriter(self)
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    try writer.append(bytes, to: &output)
    try writer.finish(&output)
    return output
  }
}
