/// A register whose writes are answered with a version: a number that grows with each write to it, as
/// the index at which a replicated log holds the write does.
///
/// | operation | input | output |
/// | --- | --- | --- |
/// | `read` | | the value |
/// | `write` | the value | the version, or null if it was not told |
public struct VersionedRegisterModel: Model {
  /// An operation, and the version that it named.
  public struct Action: Sendable {
    var register: RegisterModel.Action
    var version: Int64?
  }

  /// The value, and the newest version that is known to be written.
  public struct State: Hashable, Sendable {
    var value = JSONValue.null
    var version = Int64.min
  }

  private let register = RegisterModel()

  /// Makes a model.
  public init() {}

  /// Nothing was written.
  public var initial: State { State() }

  /// Understands `read` and `write`.
  public func action(of operation: ClientOperation) throws(Misfit) -> Action {
    switch operation.name {
    case "read": return Action(register: try register.action(of: operation), version: nil)
    case "write":
      let action = try register.action(of: operation)
      guard operation.returned != nil, operation.output != .null else {
        return Action(register: action, version: nil)
      }
      guard case .integer(let version) = operation.output else {
        throw Misfit("the output of write is a version, not \(operation.output)")
      }
      return Action(register: action, version: version)
    default: throw Misfit("a versioned register knows read and write, not \(operation.name)")
    }
  }

  /// As in a register, if the version grows.
  public func step(_ state: State, _ action: Action) -> State? {
    guard let value = register.step(state.value, action.register) else { return nil }
    guard let version = action.version else { return State(value: value, version: state.version) }
    return version > state.version ? State(value: value, version: version) : nil
  }

  /// Reads do.
  public func onlyReads(_ action: Action) -> Bool { register.onlyReads(action.register) }

  /// As in a register: that a write also bounds the versions of others is nothing that they need.
  public func influences(of actions: [Action]) -> [Influence] {
    register.influences(of: actions.map(\.register))
  }

  /// The value and the version.
  public func describe(_ state: State) -> String {
    let value = register.describe(state.value)
    return state.version == .min ? value : "\(value), the newest version being \(state.version)"
  }
}
