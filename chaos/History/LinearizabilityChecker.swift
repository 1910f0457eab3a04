/// Judges histories against a model.
public struct LinearizabilityChecker<M: Model>: Sendable {
  /// What each object is held against.
  public var model: M
  /// How many configurations of one object are looked at before it is left undecided. Each takes about
  /// a hundred bytes, or more if states are large.
  public var limit: Int

  /// Makes a checker.
  public init(_ model: M, limit: Int = 5_000_000) {
    self.model = model
    self.limit = limit
  }

  /// Judges a history. The lines may be in any order.
  ///
  /// One object that fails decides; if several do, the smallest failing part is named. Takes time
  /// proportional to the number of operations and of those that are under way at a time, as long as
  /// answers leave few choices; up to `limit` configurations an object otherwise.
  public func judge(_ history: [ClientOperation]) throws(HistoryMisfit) -> Verdict {
    var failures: [FailingPart] = []
    var undecided: Verdict.Undecided?
    for object in objects(of: history) {
      let operations = object.places.map { history[$0] }
      let timeline: Timeline<M>
      do {
        timeline = try Timeline(model, operations)
      } catch {
        throw HistoryMisfit(operation: object.places[error.operation], text: error.text)
      }
      var search = LinearizationSearch(model, timeline, limit: limit)
      switch search.run() {
      case .found: break
      case .impossible(_, _, let stuck):
        let shrinker = Shrinker(model: model, limit: 10_000 + 2 * search.configurations)
        var part = try shrinker.smallestPart(
          of: operations, failingAt: timeline.calls[stuck].deadline)
        part.key = object.key
        failures.append(part)
      case .undecided:
        undecided = Verdict.Undecided(
          key: object.key, operations: operations.count, configurations: limit)
      }
    }
    if var smallest = failures.min(by: { $0.operations.count < $1.operations.count }) {
      smallest.failingObjects = failures.count
      return .notLinearizable(smallest)
    }
    return undecided.map { .undecided($0) } ?? .linearizable
  }

  /// The operations of each object, as places in the history; objects in the order of their first.
  private func objects(of history: [ClientOperation]) -> [(key: JSONValue?, places: [Int])] {
    guard model.isKeyed else { return [(nil, Array(history.indices))] }
    var objects: [(key: JSONValue?, places: [Int])] = []
    var numbers: [JSONValue: Int] = [:]
    for (place, operation) in history.enumerated() {
      if let number = numbers[operation.key] {
        objects[number].places.append(place)
      } else {
        numbers[operation.key] = objects.count
        objects.append((operation.key, [place]))
      }
    }
    return objects
  }
}
