/// Bounds on what a ``DatasetReader`` accepts; the first one passed ends reading with an error of a
/// "too large" kind.
///
/// They bound memory. While it reads, a reader holds eight bytes a cell and the distinct words of each
/// column. A table then holds eight bytes a cell in columns of numbers and four in others, besides the
/// distinct words with eight bytes each.
public struct DatasetLimits: Sendable, Equatable, Codable {
  /// Bytes of input after content decoding. Default 256 MiB.
  public var maxBytes: Int
  /// Data rows, the header not counted. Default 2,000,000.
  public var maxRows: Int
  /// Columns. Default 2,000.
  public var maxColumns: Int
  /// Bytes of one value or column name. Default 1 MiB.
  public var maxFieldBytes: Int
  /// Bytes of one NDJSON line. Default 8 MiB.
  public var maxLineBytes: Int
  /// Cells, rows times columns, including those that are missing: sparse NDJSON could otherwise
  /// blow a few bytes up to `maxRows` times `maxColumns` cells. Default 50,000,000, which are at most
  /// 400 MB of numbers.
  public var maxCells: Int

  /// Creates limits; each has the default its property documents.
  public init(
    maxBytes: Int = 256 << 20,
    maxRows: Int = 2_000_000,
    maxColumns: Int = 2_000,
    maxFieldBytes: Int = 1 << 20,
    maxLineBytes: Int = 8 << 20,
    maxCells: Int = 50_000_000
  ) {
    self.maxBytes = maxBytes
    self.maxRows = maxRows
    self.maxColumns = maxColumns
    self.maxFieldBytes = maxFieldBytes
    self.maxLineBytes = maxLineBytes
    self.maxCells = maxCells
  }
}
