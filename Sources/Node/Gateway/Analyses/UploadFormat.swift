import Analysis

/// How a dataset comes: as the body, or in a form as the part `file`, beside which another dataset may stand as
/// `reference` (RFC 7578).
enum UploadFormat: Sendable {
  case plain(DatasetFormat, DatasetEncoding)
  case form(boundary: String)

  static let formType = "multipart/form-data"

  /// What a form's delimiters and headers may add to the dataset.
  private static let maxFormBytes = 64 << 10

  /// What may come beside the dataset's own bytes.
  var overhead: Int {
    switch self {
    case .plain: 0
    case .form: Self.maxFormBytes
    }
  }

  /// More bytes than there may be.
  func tooLarge(maxBytes: Int) -> Failure {
    switch self {
    case .plain:
      .tooLarge("the dataset may have at most \(maxBytes) bytes; send a part or a sample")
    case .form:
      .tooLarge(
        "the datasets of a form may have at most \(maxBytes) bytes together; send parts or samples")
    }
  }

  var isForm: Bool { if case .form = self { true } else { false } }

  /// - Throws: ``Failure`` for another type or encoding.
  init(_ request: APIRequest) throws(Failure) {
    let type = HeaderParameters(request.headers[.contentType] ?? "")
    let parameters = type.parameters
    if request.mediaType == Self.formType {
      let boundary = parameters["boundary"] ?? ""
      _ = try MultipartParser(boundary: boundary)
      self = .form(boundary: boundary)
    } else if let format = request.mediaType.flatMap(DatasetFormat.init(mediaType:)) {
      self = .plain(format, try DatasetEncoding(declaredBy: type))
    } else {
      throw .unsupportedMediaType(
        "the dataset must be text/csv, text/tab-separated-values, application/x-ndjson or "
          + "application/json, or the part file of a multipart/form-data")
    }
  }
}

extension DatasetFormat {
  var mediaType: String {
    switch self {
    case .csv: "text/csv"
    case .ndjson: "application/x-ndjson"
    case .json: "application/json"
    }
  }

  fileprivate init?(mediaType: String) {
    // Which delimiter CSV has is found out, tabs too.
    let known = mediaType == Self.tabSeparatedType ? Self.csv.mediaType : mediaType
    guard let format = Self.allCases.first(where: { $0.mediaType == known }) else { return nil }
    self = format
  }

  fileprivate init?(filename: String) {
    switch filename.split(separator: ".").last?.lowercased() {
    case "csv", "tsv": self = .csv
    case "ndjson", "jsonl": self = .ndjson
    case "json": self = .json
    default: return nil
    }
  }

  /// The format of a form's part. Its type says it, or else the end of its filename: programs that send
  /// forms know few types, and browsers call CSV what the system does.
  ///
  /// - Throws: ``Failure`` if it is of another type.
  init(
    ofPart headers: MultipartParser.Headers, _ part: DatasetUpload.Part
  ) throws(Failure) {
    let disposition = HeaderParameters(headers.fields["content-disposition"] ?? "")
    let type = HeaderParameters(headers.fields["content-type"] ?? "").value
    let filename = disposition.parameters["filename"] ?? ""
    guard let format = Self(mediaType: type) ?? Self(filename: filename) else {
      throw .unsupportedMediaType(
        "the part \(part.rawValue) must be text/csv, text/tab-separated-values, application/x-ndjson or "
          + "application/json by its Content-Type, or have a filename that ends with .csv, .tsv, "
          + ".ndjson, .jsonl or .json")
    }
    self = format
  }
}

extension DatasetEncoding {
  /// The encoding that a Content-Type declares as `charset`; UTF-8 if it declares none.
  ///
  /// - Throws: ``Failure`` if it is not read here.
  init(declaredBy type: HeaderParameters) throws(Failure) {
    guard let name = type.parameters["charset"] else {
      self = .utf8
      return
    }
    guard let encoding = Self(name: name) else {
      throw .unsupportedMediaType(
        "the charset must be one of \(Self.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    self = encoding
  }
}
