import Synchronization

/// A value on its way from the thread that made it to the one that will own it.
final class Handover<Value>: Sendable {
  /// Sendable because nobody touches the value while it is in here, and who makes it has let go of it:
  /// the compiler checks that for `init(_:)`, the caller vouches for it in `init(vouchedFor:)`.
  private struct InTransit: @unchecked Sendable {
    let value: Value
  }

  private let content: Mutex<InTransit?>

  init(_ value: sending Value) { content = Mutex(InTransit(value: value)) }

  /// For a value that the compiler can't see to be free of its maker: it must share no mutable state
  /// with anything else, and not be used any more by who makes it.
  init(vouchedFor value: Value) { content = Mutex(InTransit(value: value)) }

  /// Takes the value; nil the second time.
  func take() -> sending Value? {
    let taken = content.withLock { content in
      defer { content = nil }
      return content
    }
    nonisolated(unsafe) let value = taken?.value
    return value
  }
}
