import Synchronization

/// A number of places that requests take while they are worked on; not while they come.
final class Slots: Sendable {
  private let limit: Int
  private let taken = Atomic<Int>(0)

  init(_ limit: Int) {
    self.limit = limit
  }

  var inUse: Int { taken.load(ordering: .relaxed) }

  /// Takes a place for the time of `work`.
  ///
  /// - Throws: ``Failure`` if all are taken, or what `work` throws.
  func withSlot<Value>(_ work: () async throws -> Value) async throws -> Value {
    let before = taken.wrappingAdd(1, ordering: .relaxed).oldValue
    defer { taken.wrappingSubtract(1, ordering: .relaxed) }
    guard before < limit else {
      throw Failure.overloaded("this node has as many requests as it can hold; try again")
    }
    return try await work()
  }
}
