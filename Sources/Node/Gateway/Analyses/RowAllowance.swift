import CloudState

/// What a workspace has left of its rows, while a dataset is read whose rows nobody knows yet.
///
/// Whether the rows can be had the reservation decides. This keeps what cannot be admitted from being
/// read to its end.
struct RowAllowance: Sendable {
  private(set) var usage: RowUsage
  /// Asks the cluster how things stand now.
  let confirm: @Sendable () async throws -> RowUsage

  /// - Throws: ``Failure`` if there are fewer rows left. This node may not know yet that a quota was
  ///   raised or rows were returned, so the refusal is confirmed first.
  mutating func require(rows: Int64) async throws {
    if refusal(of: rows) == nil { return }
    usage = try await confirm()
    if let refusal = refusal(of: rows) { throw refusal }
  }

  private func refusal(of rows: Int64) -> Failure? {
    guard let limit = usage.limit else { return nil }
    let taken = usage.used + usage.reserved
    guard rows > limit - taken else { return nil }
    return .quotaExceeded(.rows, limit: limit, used: taken, resetsAt: usage.resetsAt)
  }
}
