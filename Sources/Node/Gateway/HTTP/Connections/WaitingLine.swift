/// Elements in the order in which they came. All that is done to it is O(1).
struct WaitingLine<Element: Hashable & Sendable>: Sendable {
  private struct Neighbours {
    var before: Element?
    var after: Element?
  }

  private var places: [Element: Neighbours] = [:]
  private(set) var first: Element?
  private var last: Element?

  var isEmpty: Bool { places.isEmpty }

  func contains(_ element: Element) -> Bool { places[element] != nil }

  /// Adds one at the end that is not in the line.
  mutating func append(_ element: Element) {
    precondition(!contains(element), "nobody waits twice")
    places[element] = Neighbours(before: last, after: nil)
    if let last { places[last]?.after = element } else { first = element }
    last = element
  }

  /// Takes one out, wherever it stands, if it is in the line.
  mutating func remove(_ element: Element) {
    guard let old = places.removeValue(forKey: element) else { return }
    if let before = old.before { places[before]?.after = old.after } else { first = old.after }
    if let after = old.after { places[after]?.before = old.before } else { last = old.before }
  }
}
