/// A register with the operations `read`, `write` and `cas`. It holds null until something is written.
///
/// | operation | input | output |
/// | --- | --- | --- |
/// | `read` | | the value |
/// | `write` | the value | anything |
/// | `cas` | `[expected, new]` | `true` if the register held the expected value and now holds the new one |
public struct RegisterModel: Model {
  /// An operation of a register.
  public enum Action: Hashable, Sendable {
    /// Nil when no answer came.
    case read(JSONValue?)
    /// Sets the value.
    case write(JSONValue)
    /// `succeeded` is nil when no answer came.
    case compareAndSet(expected: JSONValue, new: JSONValue, succeeded: Bool?)
  }

  /// Makes a model.
  public init() {}

  /// Nothing was written.
  public var initial: JSONValue { .null }

  /// Understands `read`, `write` and `cas`.
  public func action(of operation: ClientOperation) throws(Misfit) -> Action {
    let isKnown = operation.returned != nil
    switch operation.name {
    case "read": return .read(isKnown ? operation.output : nil)
    case "write": return .write(operation.input)
    case "cas":
      guard case .array(let values) = operation.input, values.count == 2 else {
        throw Misfit("the input of cas is [expected, new], not \(operation.input)")
      }
      if !isKnown {
        return .compareAndSet(expected: values[0], new: values[1], succeeded: nil)
      }
      guard case .bool(let succeeded) = operation.output else {
        throw Misfit("the output of cas is true or false, not \(operation.output)")
      }
      return .compareAndSet(expected: values[0], new: values[1], succeeded: succeeded)
    default: throw Misfit("a register knows read, write and cas, not \(operation.name)")
    }
  }

  /// The value afterwards.
  public func step(_ state: JSONValue, _ action: Action) -> JSONValue? {
    switch action {
    case .read(let value): value ?? state == state ? state : nil
    case .write(let value): value
    case .compareAndSet(let expected, let new, let succeeded):
      (state == expected) == (succeeded ?? (state == expected))
        ? state == expected ? new : state : nil
    }
  }

  /// A compare-and-set that failed is a read.
  public func onlyReads(_ action: Action) -> Bool {
    switch action {
    case .read, .compareAndSet(_, _, succeeded: false): true
    case .write, .compareAndSet: false
    }
  }

  /// Reads mean nothing for others. A write is shown by those who saw its value, if nobody else can have
  /// written that, and means nothing if nobody can have looked for it.
  public func influences(of actions: [Action]) -> [Influence] {
    var writers: [JSONValue: Int] = [initial: 1]
    var witnesses: [JSONValue: [Int]] = [:]
    var sought: Set<JSONValue> = []
    var failsSomewhere = false
    for (index, action) in actions.enumerated() {
      switch action {
      case .read(let value?): witnesses[value, default: []].append(index)
      case .read(nil): break
      case .write(let value): writers[value, default: 0] += 1
      case .compareAndSet(let expected, let new, let succeeded):
        // One that failed may owe that to any write.
        if succeeded == false { failsSomewhere = true } else { writers[new, default: 0] += 1 }
        if succeeded == true { witnesses[expected, default: []].append(index) }
        sought.insert(expected)
      }
    }
    return actions.map { action in
      switch action {
      case .read, .compareAndSet(_, _, succeeded: false): .none
      case .compareAndSet: .unclear
      case .write(let value):
        if let seen = witnesses[value] {
          writers[value] == 1 ? .shown(by: seen) : .unclear
        } else {
          failsSomewhere || sought.contains(value) ? .unclear : .none
        }
      }
    }
  }

  /// The value.
  public func describe(_ state: JSONValue) -> String {
    state == .null ? "nothing is written" : "the register holds \(state)"
  }
}
