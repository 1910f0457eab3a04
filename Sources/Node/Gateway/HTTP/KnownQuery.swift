import CloudAPI

extension Route {
  /// What a refusal names at most.
  private static let shown = 20

  /// Refuses a query with parts that the call does not have: of a misspelt one nobody would notice that it
  /// changes nothing.
  ///
  /// - Throws: ``Failure`` that names them, and those that there are.
  func requireKnownQuery(of request: APIRequest) throws(Failure) {
    let names = request.queryNames
    guard !names.isEmpty else { return }
    let known = queryParameters
    // Those of detectors their parser knows best.
    let hasDetectors = known.contains { $0.contains(".") }
    let unknown = names.filter { !known.contains($0) && !(hasDetectors && $0.contains(".")) }
    guard !unknown.isEmpty else { return }
    let plain = known.filter { !$0.contains(".") }.sorted().joined(separator: ", ")
    throw .invalid(
      unknown.prefix(Self.shown).map { name in
        Problem.FieldError(
          field: String(name.prefix(100)),
          message: plain.isEmpty
            ? "is not known here: the call has no query"
            : "is not known here; a query may have \(plain)")
      })
  }

  private var queryParameters: Set<String> {
    let isCommon = Set(commonParameters)
    let common = Parameter.common.filter { isCommon.contains($0.name) }.map(\.parameter)
    return Set((operation.parameters + common).filter { $0.place == .query }.map(\.name))
  }
}
