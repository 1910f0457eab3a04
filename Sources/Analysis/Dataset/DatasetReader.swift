/// Reads a dataset that arrives in pieces.
///
///     var reader = DatasetReader(format: .csv)
///     for chunk in chunks { try reader.append(chunk) }
///     let table = try reader.finish()
///
/// Pieces may end anywhere, even within a character; the table is the same however the bytes are
/// cut. The input is never held whole: each column keeps its distinct values once and four bytes a
/// cell. After an error the reader is of no further use.
public struct DatasetReader: Sendable {
  private enum Parser: Sendable {
    case csv(CSVParser)
    case ndjson(NDJSONParser)
    case json(JSONArrayParser)
  }

  private let limits: DatasetLimits
  private var parser: Parser
  private var head: [UInt8] = []
  private var headIsChecked = false
  private var byteCount = 0

  /// Signatures and byte order marks are at most this long.
  private static let headLength = 4

  /// Creates a reader for one dataset.
  public init(format: DatasetFormat, limits: DatasetLimits = DatasetLimits()) {
    self.limits = limits
    let builder = TableBuilder(limits: limits)
    self.parser =
      switch format {
      case .csv: .csv(CSVParser(builder: builder))
      case .ndjson: .ndjson(NDJSONParser(builder: builder))
      case .json: .json(JSONArrayParser(builder: builder))
      }
  }

  /// Data rows read completely so far, for a caller that admits rows against a quota as they come.
  public var rowCount: Int {
    switch parser {
    case .csv(let parser): parser.builder.rowCount
    case .ndjson(let parser): parser.record.builder.rowCount
    case .json(let parser): parser.record.builder.rowCount
    }
  }

  /// Reads the next piece of the input; linear in its length.
  public mutating func append(_ bytes: UnsafeRawBufferPointer) throws(DatasetError) {
    byteCount += bytes.count
    guard byteCount <= limits.maxBytes else {
      throw DatasetError(
        kind: .tooManyBytes,
        message: "The dataset is larger than \(limits.maxBytes) bytes: send a part or a sample.")
    }
    guard !headIsChecked else {
      try parse(bytes)
      return
    }
    let missing = Self.headLength - head.count
    head.append(contentsOf: bytes.prefix(missing))
    if head.count == Self.headLength {
      try checkHead()
      try parse(UnsafeRawBufferPointer(rebasing: bytes.dropFirst(missing)))
    }
  }

  /// Reads the next piece of the input; linear in its length.
  public mutating func append(_ bytes: [UInt8]) throws(DatasetError) {
    try bytes.withUnsafeBufferPointer { buffer throws(DatasetError) in
      try append(UnsafeRawBufferPointer(buffer))
    }
  }

  /// Ends the input and returns what was read, with the type of each column inferred from all its
  /// values.
  public mutating func finish() throws(DatasetError) -> Table {
    if !headIsChecked { try checkHead() }
    switch parser {
    case .csv(var parser): return try parser.finish()
    case .ndjson(var parser): return try parser.finish()
    case .json(var parser): return try parser.finish()
    }
  }

  /// Looks at the first bytes, drops a byte order mark, and hands the rest to the parser.
  private mutating func checkHead() throws(DatasetError) {
    headIsChecked = true
    if let problem = TextCheck.signatureProblem(head) {
      throw DatasetError(kind: .binaryContent, message: problem)
    }
    let first = head.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(head.dropFirst(3)) : head
    try first.withUnsafeBufferPointer { buffer throws(DatasetError) in
      try parse(UnsafeRawBufferPointer(buffer))
    }
  }

  private mutating func parse(_ bytes: UnsafeRawBufferPointer) throws(DatasetError) {
    // The parser is taken out of the enum while it works, so that its storage is not copied.
    switch parser {
    case .csv(var csv):
      parser = .csv(CSVParser(builder: TableBuilder(limits: limits)))
      defer { parser = .csv(csv) }
      try csv.parse(bytes)
    case .ndjson(var ndjson):
      parser = .ndjson(NDJSONParser(builder: TableBuilder(limits: limits)))
      defer { parser = .ndjson(ndjson) }
      try ndjson.parse(bytes)
    case .json(var json):
      parser = .json(JSONArrayParser(builder: TableBuilder(limits: limits)))
      defer { parser = .json(json) }
      try json.parse(bytes)
    }
  }
}
