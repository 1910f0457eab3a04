import Analysis
import CloudAPI

/// What a fix is to do, beside the analysis that it begins with.
struct FixRequest: Sendable {
  var options: FixOptions
  /// Whether only the plan is wanted.
  var isDryRun: Bool
  /// Whether the mended dataset is analyzed, too.
  var isVerified: Bool
  /// What the query says that decides what is to be done; a log has decided that.
  private let decisions: [String]

  /// What the query may have beside a log.
  private static let notDecisions: Set<String> = ["name", "dry_run"]
  private static let decisionNames = Set(Operation.fix.parameters.map(\.name))
    .subtracting(notDecisions)

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
    isDryRun = try Self.flag("dry_run", request) ?? false
    isVerified = try Self.flag("verify", request) ?? true
    decisions = request.queryNames.filter(Self.decisionNames.contains)
  }

  /// Checks that nothing is asked that a log has decided.
  ///
  /// - Throws: ``Failure`` if something is.
  func requireNoDecisions() throws(Failure) {
    guard !decisions.isEmpty else { return }
    throw .invalid(
      decisions.map {
        Problem.FieldError(
          field: $0, message: "has no meaning beside a log, which says all that is to be done")
      })
  }

  private static func flag(_ name: String, _ request: APIRequest) throws(Failure) -> Bool? {
    switch request.query(name) {
    case nil: nil
    case "false": false
    case "true": true
    default: throw .invalid(name, "must be true or false")
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
