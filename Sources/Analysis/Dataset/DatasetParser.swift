/// Makes rows of a text in one format, which arrives in pieces.
protocol DatasetParser: Sendable {
  /// Data rows so far.
  var rowCount: Int { get }

  /// Makes room for about so many rows in all.
  mutating func reserve(rows: Int)

  /// Reads the next piece, which may end anywhere.
  mutating func parse(_ text: UnsafeRawBufferPointer) throws(DatasetError)

  /// Ends the text, completes what is known of its layout and gives up the rows.
  mutating func finish(_ layout: inout DatasetLayout) throws(DatasetError) -> TableBuilder
}
