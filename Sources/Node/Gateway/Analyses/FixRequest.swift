import Analysis

/// What a fix is to do, beside the analysis that it begins with.
struct FixRequest: Sendable {
  var options: FixOptions
  /// Whether only the plan is wanted.
  var isDryRun: Bool

  /// - Throws: ``Failure`` for what is malformed.
  init(_ request: APIRequest) throws(Failure) {
    options = FixOptions(
      strategy: try Self.strategy(request), kinds: try Self.kinds(request),
      relabelScore: try Self.share("relabel_score", request),
      nearDuplicateScore: try Self.share("near_duplicate_score", request),
      outlierScore: try Self.share("outlier_score", request),
      imputeShare: try Self.share("impute_share", request),
      flagColumn: request.query("flag_column"))
    guard options.flagColumn?.isEmpty != true else {
      throw .invalid("flag_column", "must not be empty")
    }
    switch request.query("dry_run") {
    case nil, "false": isDryRun = false
    case "true": isDryRun = true
    default: throw .invalid("dry_run", "must be true or false")
    }
  }

  private static func strategy(_ request: APIRequest) throws(Failure) -> FixStrategy {
    guard let text = request.query("strategy") else { return .conservative }
    guard let strategy = FixStrategy(rawValue: text) else {
      throw .invalid("strategy", "must be one of \(FixStrategy.allCases.map(\.rawValue))")
    }
    return strategy
  }

  private static func kinds(_ request: APIRequest) throws(Failure) -> Set<FixAction.Kind>? {
    guard let text = request.query("actions") else { return nil }
    var kinds: Set<FixAction.Kind> = []
    for name in text.split(separator: ",") {
      guard let kind = FixAction.Kind(rawValue: String(name).trimmingSpaces()) else {
        throw .invalid("actions", "must be some of \(FixAction.Kind.allCases.map(\.rawValue))")
      }
      kinds.insert(kind)
    }
    guard !kinds.isEmpty else { throw .invalid("actions", "must not be empty") }
    return kinds
  }

  private static func share(_ name: String, _ request: APIRequest) throws(Failure) -> Double? {
    guard let text = request.query(name) else { return nil }
    guard let share = Double(text), (0...1).contains(share) else {
      throw .invalid(name, "must be a number from 0 to 1")
    }
    return share
  }
}
