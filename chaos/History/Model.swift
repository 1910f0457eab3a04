/// What an object does when it is asked one thing at a time: the specification that a history is held
/// against.
///
/// Models are deterministic. An object that may do several things takes the set of states in which it
/// may be as its state.
public protocol Model: Sendable {
  /// An operation as the model understands it, with its output if that is known.
  associatedtype Action: Sendable
  /// What the object remembers.
  associatedtype State: Hashable, Sendable

  /// Whether objects with different keys are independent, so that each is judged alone (Horn and
  /// Kroening, "Faster linearizability checking via P-compositionality", 2015). Otherwise all operations
  /// are those of one object.
  var isKeyed: Bool { get }

  /// The state before the first operation.
  var initial: State { get }

  /// Understands an operation. One that has not returned has no known output.
  func action(of operation: ClientOperation) throws(Misfit) -> Action

  /// The state after an operation; nil when the object in this state would not have answered so. An
  /// operation without known output has one in every state.
  func step(_ state: State, _ action: Action) -> State?

  /// Whether an operation never changes the state, whatever that is. Wherever such an operation fits it
  /// may as well stand, so the search has less to try.
  func onlyReads(_ action: Action) -> Bool

  /// What each of an object's operations means for the others.
  func influences(of actions: [Action]) -> [Influence]

  /// The state in words, to follow "then".
  func describe(_ state: State) -> String
}

/// What an operation means for the others of a history, as far as a model can tell without searching.
public enum Influence: Hashable, Sendable {
  /// The others can be ordered without it if they can be ordered with it, and so can any part of them.
  case none
  /// These come after it in any order, and of what stands between only they may change the state: they
  /// show that it took effect.
  case shown(by: [Int])
  /// Anything else.
  case unclear
}

/// An operation that a model does not understand.
public struct Misfit: Error, Hashable, Sendable {
  /// What is wrong with it.
  public var text: String

  /// Makes an error.
  public init(_ text: String) { self.text = text }
}

extension Model {
  /// Objects are independent.
  public var isKeyed: Bool { true }

  /// Claims nothing, which is right for every model.
  public func onlyReads(_ action: Action) -> Bool { false }

  /// Claims nothing, which is right for every model.
  public func influences(of actions: [Action]) -> [Influence] {
    [Influence](repeating: .unclear, count: actions.count)
  }
}
