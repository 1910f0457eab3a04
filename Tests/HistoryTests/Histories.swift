@testable import History

/// Histories written by hand: an operation is said in a line.
func write(
  _ value: Int64, _ called: Int64, _ returned: Int64?, by client: Int64 = 0, key: JSONValue = "x",
  version: Int64? = nil
) -> ClientOperation {
  ClientOperation(
    client: .integer(client), name: "write", key: key, input: .integer(value),
    output: version.map { .integer($0) } ?? .null, called: called, returned: returned)
}

func read(
  _ value: Int64?, _ called: Int64, _ returned: Int64?, by client: Int64 = 1, key: JSONValue = "x"
) -> ClientOperation {
  ClientOperation(
    client: .integer(client), name: "read", key: key,
    output: value.map { .integer($0) } ?? .null, called: called, returned: returned)
}

func compareAndSet(
  _ expected: Int64, _ new: Int64, _ succeeded: Bool?, _ called: Int64, _ returned: Int64?,
  by client: Int64 = 2
) -> ClientOperation {
  ClientOperation(
    client: .integer(client), name: "cas", key: "x",
    input: .array([.integer(expected), .integer(new)]),
    output: succeeded.map { .bool($0) } ?? .null, called: called, returned: returned)
}

extension Verdict {
  var isLinearizable: Bool { self == .linearizable }

  var failingPart: FailingPart? {
    guard case .notLinearizable(let part) = self else { return nil }
    return part
  }
}
