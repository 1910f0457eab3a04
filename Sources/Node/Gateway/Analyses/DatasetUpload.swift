import Analysis
import CloudAPI
import Crypto

/// What an upload has brought.
struct UploadedDatasets: Sendable {
  var dataset: Table
  /// What it shall be compared with.
  var reference: Table?
  /// What was done to the dataset, to be done again.
  var log: [UInt8]?

  /// The rows of both: both are read and compared, so both count.
  var rowCount: Int { dataset.rowCount + (reference?.rowCount ?? 0) }
}

/// Datasets that arrive, unpacked: reads them into tables, out of a form if they come in one.
struct DatasetUpload: Sendable {
  /// What a part of a form holds; by their names.
  enum Part: String, CaseIterable, Sendable {
    case file
    case reference
    case log
  }

  /// For both together.
  private let limits: DatasetLimits
  /// How long all will be, if that is known.
  private let expectedBytes: Int?
  /// Why there may be no reference; nil if there may.
  private let referenceRefusal: Failure?
  private let takesLog: Bool
  private var form: MultipartParser?
  /// The dataset that arrives. Nothing before a form has told its format.
  private var reading: (part: Part, reader: DatasetReader)?
  private var log: [UInt8]?
  private var isReadingLog = false
  /// The parts that have ended.
  private var tables: [Part: Table] = [:]
  /// Of all datasets.
  private var contentBytes = 0
  /// Over the part that arrives.
  private var hash: SHA256?
  /// Names, formats, encodings and hashes of the parts that have ended: what differs if the same is sent
  /// twice, such as a form's boundary, is not in it.
  private var fingerprint: SHA256?
  /// Where the dataset's bytes are kept, for who needs them again.
  private let kept: KeptDataset?

  /// - Parameters:
  ///   - limits: How large the dataset and its reference may be together.
  ///   - expectedBytes: How long all will be, if that is known.
  ///   - referenceRefusal: Why there may be no reference; nil if there may.
  ///   - takesLog: Whether there may be a log.
  ///   - isHashed: Whether ``digest`` will be asked for.
  ///   - kept: Gets the dataset's bytes, without a form that is around them.
  /// - Throws: ``Failure`` if the form's boundary cannot be one.
  init(
    _ format: UploadFormat, limits: DatasetLimits, expectedBytes: Int?, referenceRefusal: Failure?,
    takesLog: Bool, isHashed: Bool, keptIn kept: KeptDataset? = nil
  ) throws(Failure) {
    self.limits = limits
    self.expectedBytes = expectedBytes
    self.referenceRefusal = referenceRefusal
    self.takesLog = takesLog
    self.kept = kept
    if isHashed { fingerprint = SHA256() }
    switch format {
    case .plain(let format, let encoding): begin(.file, format, encoding)
    case .form(let boundary): form = try MultipartParser(boundary: boundary)
    }
  }

  /// The rows so far, those of the reference too.
  var rowCount: Int {
    tables.values.reduce(reading?.reader.rowCount ?? 0) { $0 + $1.rowCount }
  }

  /// The SHA-256 of what was read, once it has ended.
  var digest: [UInt8] { fingerprint.map { Array($0.finalize()) } ?? [] }

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
  /// - Throws: As ``append(_:)`` does, or `AnalysisCancelled`.
  mutating func finish(isCancelled: () -> Bool) throws -> UploadedDatasets {
    try form?.finish()
    try endPart(isCancelled: isCancelled)
    guard let dataset = tables[.file] else { throw Failure.invalid("file", "is missing") }
    return UploadedDatasets(dataset: dataset, reference: tables[.reference], log: log)
  }

  private mutating func begin(_ headers: MultipartParser.Headers) throws {
    let part = try Part(headers)
    if part == .reference, let referenceRefusal { throw referenceRefusal }
    if part == .log, !takesLog {
      throw Failure.invalid(part.rawValue, "is no part of the form: only a fix can be done again")
    }
    guard tables[part] == nil, reading?.part != part, part != .log || log == nil else {
      throw Failure.invalid(part.rawValue, "must be in the form once")
    }
    try endPart()
    guard part != .log else {
      isReadingLog = true
      log = []
      beginHash("\(part)")
      return
    }
    let format = try DatasetFormat(ofPart: headers, part)
    let type = HeaderParameters(headers.fields["content-type"] ?? "")
    begin(part, format, try DatasetEncoding(declaredBy: type))
  }

  private mutating func begin(_ part: Part, _ format: DatasetFormat, _ encoding: DatasetEncoding) {
    beginHash("\(part) \(format) \(encoding)")
    let reader = DatasetReader(
      format: format, encoding: encoding, limits: limitsLeft,
      expectedBytes: expectedBytes.map { $0 - contentBytes })
    reading = (part, reader)
  }

  private mutating func beginHash(_ what: String) {
    guard fingerprint != nil else { return }
    fingerprint?.update(data: Array("\(what)\n".utf8))
    hash = SHA256()
  }

  private mutating func read(_ bytes: UnsafeRawBufferPointer) throws {
    hash?.update(bufferPointer: bytes)
    // What a form may have in all, ``DatasetIngest`` sees to.
    if isReadingLog { log?.append(contentsOf: bytes) }
    guard let part = reading?.part else { return }
    contentBytes += bytes.count
    do throws(DatasetError) {
      try reading?.reader.append(bytes)
    } catch {
      throw failure(error, in: part)
    }
    if part == .file { try kept?.append(bytes) }
  }

  private mutating func endPart(isCancelled: () -> Bool = { false }) throws {
    if let hash { fingerprint?.update(data: Array(hash.finalize())) }
    hash = nil
    isReadingLog = false
    guard let part = reading?.part, var reader = reading?.reader else { return }
    reading = nil
    do {
      tables[part] = try reader.finish(isCancelled: isCancelled)
    } catch let error as DatasetError {
      throw failure(error, in: part)
    }
  }

  // MARK: Two datasets

  /// What the parts that have ended have left.
  private var limitsLeft: DatasetLimits {
    var left = limits
    left.maxBytes -= contentBytes
    for table in tables.values {
      left.maxRows -= table.rowCount
      left.maxCells -= table.rowCount * table.columns.count
    }
    return left
  }

  /// What is wrong in one of two datasets, said so that a person knows in which.
  private func failure(_ error: DatasetError, in part: Part) -> any Error {
    var error = error
    if let limit = tables.isEmpty ? nil : sharedLimit(error.kind) {
      error.message =
        "The dataset and its reference have more than \(limit) together: send parts or samples."
    }
    guard part == .reference else { return error }
    error.message = "In the reference: \(error.message)"
    return Failure(error).ofReference()
  }

  private func sharedLimit(_ kind: DatasetError.Kind) -> String? {
    switch kind {
    case .tooManyBytes: "\(limits.maxBytes) bytes"
    case .tooManyRows: "\(limits.maxRows) rows"
    case .tooManyCells: "\(limits.maxCells) cells"
    default: nil
    }
  }
}

extension Failure {
  /// The same with the field at fault: the reference.
  func ofReference() -> Failure {
    var failure = self
    failure.problem.errors = [
      Problem.FieldError(
        field: DatasetUpload.Part.reference.rawValue, message: problem.detail ?? problem.title)
    ]
    return failure
  }
}

extension DatasetUpload.Part {
  /// - Throws: ``Failure`` if it is another part.
  fileprivate init(_ headers: MultipartParser.Headers) throws(Failure) {
    let disposition = HeaderParameters(headers.fields["content-disposition"] ?? "")
    guard disposition.value == "form-data", let name = disposition.parameters["name"] else {
      throw .malformed("each part of the form must have Content-Disposition: form-data and a name")
    }
    guard let part = Self(rawValue: name) else {
      throw .invalid(
        String(name.prefix(100)),
        "is no part of the form: it has file, and may have reference, or log for a fix; options are in the "
          + "query")
    }
    self = part
  }
}
