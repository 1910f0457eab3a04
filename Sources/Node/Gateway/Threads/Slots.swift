import Synchronization

/// A number of places that requests take while they are worked on.
final class Slots: Sendable {
  private let limit: Int
  private let taken = Atomic<Int>(0)

  init(_ limit: Int) {
    self.limit = limit
  }

  var inUse: Int { taken.load(ordering: .relaxed) }

  /// Takes a place for the time of `work`; nothing, if all are taken.
  func withSlot<Value>(_ work: () async throws -> Value) async rethrows -> Value? {
    let before = taken.wrappingAdd(1, ordering: .relaxed).oldValue
    defer { taken.wrappingSubtract(1, ordering: .relaxed) }
    guard before < limit else { return nil }
    return try await work()
  }
}
