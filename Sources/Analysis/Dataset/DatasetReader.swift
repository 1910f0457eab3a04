/// Reads a dataset that arrives in pieces.
///
///     var reader = DatasetReader(format: .csv)
///     for chunk in chunks { try reader.append(chunk) }
///     let table = try reader.finish()
///
/// Pieces may end anywhere, even within a character; the table is the same however the bytes are
/// cut. The input is never held whole: while it is read, each column keeps its distinct words once
/// and eight bytes a cell. After an error the reader is of no further use.
public struct DatasetReader: Sendable {
  private let limits: DatasetLimits
  private var layout: DatasetLayout
  /// Nil as long as the head has not told what a parser must know.
  private var parser: (any DatasetParser)?
  private var head: [UInt8] = []
  private var lineBreaks = 0
  private var byteCount = 0
  /// How long the input will be, as long as no room has been made for it.
  private var expectedBytes: Int?

  /// So many show how long the rows are.
  private static let sampleBytes = 1 << 16
  /// Signatures and byte order marks are at most this long.
  private static let signatureLength = 4

  /// Creates a reader for one dataset.
  ///
  /// - Parameters:
  ///   - encoding: How characters are encoded; a byte order mark of UTF-8 outdoes it.
  ///   - expectedBytes: How long the input will be, if that is known. Room for its cells is then made once,
  ///     within the limits, instead of step by step, which saves a sixth of the time. The table does not
  ///     depend on it; what is not needed of the room is address space that is never written to.
  public init(
    format: DatasetFormat, encoding: DatasetEncoding = .utf8,
    limits: DatasetLimits = DatasetLimits(), expectedBytes: Int? = nil
  ) {
    self.limits = limits
    self.expectedBytes = expectedBytes
    layout = DatasetLayout(format: format, encoding: encoding)
  }

  /// Data rows read so far, for a caller that admits rows against a quota as they come. A CSV file's
  /// first rows are read once they have told what separates values.
  public var rowCount: Int { parser?.rowCount ?? 0 }

  /// Reads the next piece of the input; linear in its length.
  public mutating func append(_ bytes: UnsafeRawBufferPointer) throws(DatasetError) {
    byteCount += bytes.count
    guard byteCount <= limits.maxBytes else {
      throw DatasetError(
        kind: .tooManyBytes,
        message: "The dataset is larger than \(limits.maxBytes.grouped) bytes: send a part or a "
          + "sample.")
    }
    var rest = bytes[...]
    while parser == nil, let byte = rest.first {
      head.append(byte)
      rest.removeFirst()
      if byte == 0x0A || byte == 0x0D { lineBreaks += 1 }
      if headSuffices { try begin(isWhole: false) }
    }
    if !rest.isEmpty { try parse(UnsafeRawBufferPointer(rebasing: rest)) }
    if byteCount >= Self.sampleBytes, rowCount > 0, let expectedBytes {
      self.expectedBytes = nil
      let rows = min(expectedBytes, limits.maxBytes) / max(byteCount / rowCount, 1)
      parser?.reserve(rows: rows)
    }
  }

  /// Reads the next piece of the input; linear in its length.
  public mutating func append(_ bytes: [UInt8]) throws(DatasetError) {
    try bytes.withUnsafeBufferPointer { buffer throws(DatasetError) in
      try append(UnsafeRawBufferPointer(buffer))
    }
  }

  /// Ends the input and returns what was read, with the type of each column inferred from all its
  /// values, which takes about as long as reading did.
  public mutating func finish() throws(DatasetError) -> Table {
    var builder = try end()
    do throws(AnalysisCancelled) {
      return try builder.finish(layout, isCancelled: { false })
    } catch {
      preconditionFailure("nobody cancels it")
    }
  }

  /// The same, and can be stopped.
  ///
  /// - Parameter isCancelled: asked at least once a column, on the calling thread; answering true ends the work.
  /// - Throws: ``DatasetError``, ``AnalysisCancelled``.
  public mutating func finish(isCancelled: () -> Bool) throws -> Table {
    var builder = try end()
    return try builder.finish(layout, isCancelled: isCancelled)
  }

  /// Ends the input and takes what the parser has made of it.
  private mutating func end() throws(DatasetError) -> TableBuilder {
    if parser == nil { try begin(isWhole: true) }
    guard var parser else { preconditionFailure("a reader that knows the head has a parser") }
    // Given up, so that the rows are not copied.
    self.parser = nil
    let builder = try parser.finish(&layout)
    try builder.requireRows()
    return builder
  }

  private var headSuffices: Bool {
    guard layout.format == .csv else { return head.count == Self.signatureLength }
    return head.count >= DelimiterDetection.maximumBytes
      || (lineBreaks >= DelimiterDetection.maximumLineBreaks
        && head.count >= Self.signatureLength)
  }

  /// Learns from the first bytes what the parser must know, drops a byte order mark, and hands the
  /// rest to the parser.
  private mutating func begin(isWhole: Bool) throws(DatasetError) {
    if let problem = TextCheck.signatureProblem(head) {
      throw DatasetError(kind: .binaryContent, message: problem)
    }
    var text = head[...]
    head = []
    if text.starts(with: [0xEF, 0xBB, 0xBF]) {
      text.removeFirst(3)
      layout.hasByteOrderMark = true
      layout.encoding = .utf8
    }
    switch layout.format {
    case .csv:
      let delimiter = DelimiterDetection(text, isWhole: isWhole).delimiter
      layout.delimiter = String(UnicodeScalar(delimiter))
      let builder = TableBuilder(limits: limits, takesMarks: true)
      parser = CSVParser(builder: builder, delimiter: delimiter)
    case .ndjson: parser = NDJSONParser(builder: TableBuilder(limits: limits))
    case .json: parser = JSONArrayParser(builder: TableBuilder(limits: limits))
    }
    try text.withUnsafeBufferPointer { buffer throws(DatasetError) in
      try parse(UnsafeRawBufferPointer(buffer))
    }
  }

  private mutating func parse(_ bytes: UnsafeRawBufferPointer) throws(DatasetError) {
    let encoding = layout.encoding
    try encoding.withUTF8(bytes) { text throws(DatasetError) in try parser?.parse(text) }
  }
}
