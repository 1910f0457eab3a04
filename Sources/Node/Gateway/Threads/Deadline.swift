/// It took longer than it may.
struct DeadlineExceeded: Error {}

/// Runs `work`, and cancels it when it takes longer than `limit`.
///
/// - Throws: ``DeadlineExceeded``, or what `work` throws.
func withDeadline<Value: Sendable>(
  _ limit: Duration, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  try await withThrowingTaskGroup(of: Value?.self) { group in
    group.addTask { try await work() }
    group.addTask {
      try await Task.sleep(for: limit)
      return nil
    }
    defer { group.cancelAll() }
    guard let value = try await group.next() ?? nil else { throw DeadlineExceeded() }
    return value
  }
}
