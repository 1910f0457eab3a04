import Synchronization

/// A value that is given away once, however many hold this: what is large must not live as long as the
/// functions that handed it on.
final class Handover<Value: Sendable>: Sendable {
  private let value: Mutex<Value?>

  init(_ value: consuming Value) {
    self.value = Mutex(value)
  }

  /// Looks at the value before it is given away.
  func look<Seen: Sendable>(_ body: (Value) -> Seen) -> Seen {
    value.withLock { value in
      guard let value else { preconditionFailure("the value has been given away") }
      return body(value)
    }
  }

  /// Gives the value away.
  func take() -> Value {
    value.withLock { value in
      guard let taken = value.take() else { preconditionFailure("the value has been given away") }
      return taken
    }
  }
}
