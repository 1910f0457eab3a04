/// A command together with the type of its success, so that a caller needs no `switch`:
///
///     let reservation = try outcome.value(of: ReserveRows.self)
public protocol TypedCommand: Sendable {
  /// What an accepted command of this type yields.
  associatedtype Success: Sendable
  /// The command to put into an envelope.
  var command: Command { get }
  /// The success out of an effect; nothing if the effect is of another command.
  static func success(of effect: Effect) -> Success?
}

/// The outcome belongs to another kind of command than the one asked for: a bug of the caller.
public struct MismatchedOutcome: Error, CustomStringConvertible {
  /// What to look for.
  public let description: String
}

extension Outcome {
  /// The success of a command of the given type.
  ///
  /// - Throws: The ``Rejection``, if there was one, or ``MismatchedOutcome``.
  public func value<Payload: TypedCommand>(of type: Payload.Type) throws -> Payload.Success {
    let effect = try get()
    guard let success = Payload.success(of: effect) else {
      throw MismatchedOutcome(description: "expected the outcome of \(type), found \(effect)")
    }
    return success
  }
}
