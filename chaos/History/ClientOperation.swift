/// What a client asked and was answered, and when: one line of a history.
public struct ClientOperation: Hashable, Sendable {
  /// Who asked. Only told to people: two operations of one client may overlap.
  public var client: JSONValue
  /// What was asked for; each model has its own operations.
  public var name: String
  /// The object that was asked. Objects are independent of each other.
  public var key: JSONValue
  /// What came with the question.
  public var input: JSONValue
  /// What was answered; null when no answer came.
  public var output: JSONValue
  /// When the client began to ask, in nanoseconds of any clock that all operations share.
  public var called: Int64
  /// When the client had its answer, not before `called`. Nil when none came: the operation may take
  /// effect at any time after the call, or never.
  public var returned: Int64?

  /// Makes an operation.
  public init(
    client: JSONValue, name: String, key: JSONValue = .null, input: JSONValue = .null,
    output: JSONValue = .null, called: Int64, returned: Int64?
  ) {
    self.client = client
    self.name = name
    self.key = key
    self.input = input
    self.output = output
    self.called = called
    self.returned = returned
  }
}

extension ClientOperation: CustomStringConvertible {
  /// The operation without its times: `write 17 → 41 by client 2`.
  public var description: String { "\(summary) by client \(client)" }

  /// What was asked and answered.
  var summary: String {
    let question = input == .null ? name : "\(name) \(input)"
    guard returned != nil else { return question + ", unanswered" }
    return name == "read" || output != .null ? "\(question) → \(output)" : question
  }
}
