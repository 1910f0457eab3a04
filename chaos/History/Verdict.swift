/// Whether a history is linearizable.
public enum Verdict: Hashable, Sendable {
  /// There is an order of the operations that the model allows.
  case linearizable
  /// There is none, because of this.
  case notLinearizable(FailingPart)
  /// It would take too long to find out.
  case undecided(Undecided)

  /// An object whose operations were not judged to the end. Of all others there is an order.
  public struct Undecided: Hashable, Sendable, CustomStringConvertible {
    /// The object; nil if the model takes all operations for those of one object.
    public var key: JSONValue?
    /// How many operations it has.
    public var operations: Int
    /// How many configurations were looked at.
    public var configurations: Int

    /// One line.
    public var description: String {
      "\(name(of: key)): undecided after \(configurations) configurations of \(operations) operations"
    }
  }
}

/// Operations of one object that fit into no order: the smallest part of a history of which that can be
/// said. It is a history itself, in which operations that end later have no answer.
public struct FailingPart: Hashable, Sendable {
  /// The object; nil if the model takes all operations for those of one object.
  public var key: JSONValue?
  /// By time of call.
  public var operations: [ClientOperation]
  /// As many of them as fit into an order, as places in `operations`.
  public var beginning: [Int]
  /// The state after these, in words.
  public var state: String
  /// Which of them has no place after these.
  public var stuck: Int
  /// How many operations the object has in the whole history.
  public var total: Int
  /// Of how many objects the operations fit into no order.
  public var failingObjects = 1
}

extension FailingPart: CustomStringConvertible {
  /// Some lines for people: the operations, and why they fit into no order.
  public var description: String {
    let titles = operations.map { ("client \($0.client)", $0.summary) }
    let widths = (
      titles.map(\.0.count).max() ?? 0, titles.map(\.1.count).max() ?? 0
    )
    var lines = [
      "\(name(of: key)): of \(total) operations these \(operations.count) fit into no order"
    ]
    for (operation, title) in zip(operations, titles) {
      let returned = operation.returned.map { "returned \($0)" } ?? "not returned"
      lines.append(
        "  \(padded(title.0, widths.0))  \(padded(title.1, widths.1))  called \(operation.called), "
          + returned)
    }
    let order = beginning.map { operations[$0].description }.joined(separator: "; ")
    lines.append(
      "  \(order.isEmpty ? "at first" : "longest order: \(order); then") \(state), and there is no "
        + "place for \(operations[stuck])")
    if failingObjects > 1 {
      lines.append("  (the smallest of \(failingObjects) objects that fail)")
    }
    return lines.joined(separator: "\n")
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: width - text.count)
  }
}

private func name(of key: JSONValue?) -> String { key.map { "key \($0)" } ?? "all keys" }
