import Analysis
import Crypto

/// A dataset that arrives, unpacked: reads it into a table, out of a form if it comes in one.
struct DatasetUpload: Sendable {
  private let limits: DatasetLimits
  private var form: MultipartParser?
  /// Nothing before the form has told the format.
  private var reader: DatasetReader?
  /// Over the dataset and, where a form has it, its format and encoding: what differs if the same is sent twice, such
  /// as a form's boundary, is not in it.
  private var hash: SHA256?
  /// Where the dataset's bytes are kept, for who needs them again.
  private let kept: KeptDataset?

  /// - Parameters:
  ///   - isHashed: Whether ``digest`` will be asked for.
  ///   - kept: Gets the dataset's bytes, without a form that is around them.
  /// - Throws: ``Failure`` if the form's boundary cannot be one.
  init(
    _ format: UploadFormat, limits: DatasetLimits, isHashed: Bool, keptIn kept: KeptDataset? = nil
  ) throws(Failure) {
    self.limits = limits
    self.kept = kept
    if isHashed { hash = SHA256() }
    switch format {
    case .plain(let format, let encoding):
      reader = DatasetReader(format: format, encoding: encoding, limits: limits)
    case .form(let boundary): form = try MultipartParser(boundary: boundary)
    }
  }

  /// The rows so far.
  var rowCount: Int { reader?.rowCount ?? 0 }

  /// The SHA-256 of what was read so far.
  var digest: [UInt8] { hash.map { Array($0.finalize()) } ?? [] }

  /// - Throws: `DatasetError`, ``Failure`` if the form is none, or has other parts, or
  ///   ``KeptDataset/CannotKeep``.
  mutating func append(_ bytes: UnsafeRawBufferPointer) throws {
    guard var parser = form else {
      try read(bytes)
      return
    }
    defer { form = parser }
    try parser.parse(bytes) { event in
      switch event {
      case .part(let headers): try begin(headers)
      case .content(let content): try read(content)
      }
    }
  }

  /// Ends the upload.
  ///
  /// - Throws: As ``append(_:)`` does.
  mutating func finish() throws -> Table {
    try form?.finish()
    // A form that has ended has had a part.
    guard var reader else { throw Failure.invalid("file", "is missing") }
    self.reader = nil
    return try reader.finish()
  }

  private mutating func begin(_ headers: MultipartParser.Headers) throws(Failure) {
    guard reader == nil else { throw .invalid("file", "must be the only part of the form") }
    let format = try DatasetFormat(ofPart: headers)
    let type = HeaderParameters(headers.fields["content-type"] ?? "")
    let encoding = try DatasetEncoding(declaredBy: type)
    hash?.update(data: Array((format.rawValue + encoding.rawValue).utf8))
    reader = DatasetReader(format: format, encoding: encoding, limits: limits)
  }

  private mutating func read(_ bytes: UnsafeRawBufferPointer) throws {
    hash?.update(bufferPointer: bytes)
    try reader?.append(bytes)
    try kept?.append(bytes)
  }
}
