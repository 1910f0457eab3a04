/// A log, all keys together: each command is answered with its place in it, each read with the place up
/// to which it saw the log. What the commands do is not looked at.
///
/// | operation | input | output |
/// | --- | --- | --- |
/// | `read` | anything | an object whose `index` is the place of the last command seen |
/// | `stale_read` | anything | anything: it says nothing of the order |
/// | any other | anything | an object whose `index` is the place of this command |
public struct LogModel: Model {
  /// An operation, and the place that it named.
  public enum Action: Hashable, Sendable {
    /// Saw the log up to here.
    case read(Int64)
    /// Stands here.
    case command(Int64)
    /// Has no answer, or one that says nothing.
    case unknown
  }

  /// Makes a model.
  public init() {}

  /// There is one log.
  public var isKeyed: Bool { false }

  /// The log is empty.
  public var initial: Int64 { 0 }

  /// Takes the place from the output.
  public func action(of operation: ClientOperation) throws(Misfit) -> Action {
    guard operation.returned != nil, operation.name != "stale_read" else { return .unknown }
    guard case .object(let fields) = operation.output, case .integer(let index)? = fields["index"]
    else { throw Misfit("the output has no whole number named index: \(operation.output)") }
    return operation.name == "read" ? .read(index) : .command(index)
  }

  /// The newest place that is known.
  public func step(_ state: Int64, _ action: Action) -> Int64? {
    switch action {
    case .read(let index): index >= state ? index : nil
    case .command(let index): index > state ? index : nil
    case .unknown: state
    }
  }

  /// No operation needs another.
  public func influences(of actions: [Action]) -> [Influence] {
    [Influence](repeating: .none, count: actions.count)
  }

  /// The place.
  public func describe(_ state: Int64) -> String { "the log is known up to \(state)" }
}
