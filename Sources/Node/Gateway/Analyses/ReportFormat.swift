import Analysis

/// What a report is answered as.
enum ReportFormat: String, CaseIterable, Sendable {
  /// All of the report; the rows of each detector up to a bound.
  case json
  /// A page for people.
  case html
  /// All flagged rows.
  case csv
  /// All flagged rows.
  case ndjson

  /// The media type without parameters, for `Accept`.
  var type: String {
    switch self {
    case .json: "application/json"
    case .html: "text/html"
    case .csv: "text/csv"
    case .ndjson: "application/x-ndjson"
    }
  }

  /// The media type of an answer.
  var mediaType: String {
    switch self {
    case .json, .ndjson: type
    case .html: type + "; charset=utf-8"
    case .csv: type + "; charset=utf-8; header=present"
    }
  }

  /// Whether all flagged rows are in it, however many there are.
  var hasAllRows: Bool { self == .csv || self == .ndjson }

  /// The query's `format`, or else what `Accept` likes best.
  ///
  /// - Throws: ``Failure`` for another format.
  init(_ request: APIRequest) throws(Failure) {
    if let name = request.query("format") {
      guard let format = Self(rawValue: name) else {
        throw .invalid("format", "must be one of \(Self.allCases.map(\.rawValue))")
      }
      self = format
      return
    }
    let ranges = MediaRanges(request.headers[.accept])
    guard let type = ranges.preferred(of: Self.allCases.map(\.type)),
      let format = Self.allCases.first(where: { $0.type == type })
    else {
      throw .notAcceptable(
        "the report can be had as \(Self.allCases.map(\.type).joined(separator: ", ")); say so in Accept, or "
          + "with the query's format")
    }
    self = format
  }
}
