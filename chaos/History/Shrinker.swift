/// Takes from a history that is not linearizable what is not needed to see that.
///
/// Whatever is taken away, what is left can only be easier to put in order. So if it can't be, neither
/// can the whole: the part that is left proves it.
struct Shrinker<M: Model> {
  let model: M
  /// How many configurations a smaller part may take. The whole was decided, so a part seldom takes more.
  let limit: Int

  /// - Parameters:
  ///   - history: of one object.
  ///   - deadline: when the first operation is due that has no place, by a search that knew all answers.
  func smallestPart(
    of history: [ClientOperation], failingAt deadline: Int64?
  ) throws(HistoryMisfit) -> FailingPart {
    let start = try shortestBeginning(
      of: history.sorted { $0.called < $1.called }, from: deadline ?? .min)
    let part = try withoutSuperfluous(start)
    let timeline = try Timeline(model, part)
    var search = LinearizationSearch(model, timeline, limit: .max)
    guard case .impossible(let beginning, let state, let stuck) = search.run(keepsBeginning: true)
    else { preconditionFailure("what was found to have no order has one") }
    return FailingPart(
      key: nil, operations: part, beginning: beginning.map { timeline.calls[$0].operation },
      state: model.describe(state), stuck: timeline.calls[stuck].operation, total: history.count)
  }

  /// What can't be decided within the limit counts as not failing, so that it is not left out.
  private func fails(_ history: [ClientOperation]) throws(HistoryMisfit) -> Bool {
    var search = LinearizationSearch(model, try Timeline(model, history), limit: limit)
    guard case .impossible = search.run() else { return false }
    return true
  }

  // MARK: The end

  /// The history up to the first return at which it fails. Whoever has not returned by then has no answer.
  private func shortestBeginning(
    of history: [ClientOperation], from deadline: Int64
  ) throws(HistoryMisfit) -> [ClientOperation] {
    let ends = history.compactMap(\.returned).filter { $0 >= deadline }.sorted()
    var shortest = history
    // A longer beginning of one that fails fails.
    var (low, high) = (0, ends.count)
    // Usually the first.
    var middle = 0
    while low < high {
      let beginning = Self.beginning(of: history, until: ends[middle])
      if try fails(beginning) {
        shortest = beginning
        high = middle
      } else {
        low = middle + 1
      }
      middle = (low + high) / 2
    }
    return shortest
  }

  private static func beginning(
    of history: [ClientOperation], until end: Int64
  ) -> [ClientOperation] {
    history.prefix { $0.called <= end }.map { operation in
      guard let returned = operation.returned, returned > end else { return operation }
      var operation = operation
      operation.returned = nil
      operation.output = .null
      return operation
    }
  }

  // MARK: The middle

  /// Leaves out operations that mean nothing for the others, first many at once and then one at a time
  /// (Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input", 2002), until none can
  /// be left out.
  private func withoutSuperfluous(
    _ history: [ClientOperation]
  ) throws(HistoryMisfit) -> [ClientOperation] {
    var kept = history
    var size = max(1, kept.count / 2)
    while true {
      var isSmaller = false
      var start = 0
      while start < kept.count {
        let rest = try leavingOut(start..<min(start + size, kept.count), of: kept)
        if rest.count < kept.count, try fails(rest) {
          kept = rest
          isSmaller = true
        } else {
          start += size
        }
      }
      if size == 1, !isSmaller { return kept }
      size = max(1, size / 2)
    }
  }

  /// Without those of a range that mean nothing for the others, which they may do only once others are
  /// left out.
  private func leavingOut(
    _ range: Range<Int>, of history: [ClientOperation]
  ) throws(HistoryMisfit) -> [ClientOperation] {
    var places = Array(history.indices)
    while true {
      let actions = try model.actions(of: places.map { history[$0] })
      let fewer = zip(places, model.influences(of: actions)).filter {
        !(range.contains($0) && $1 == .none)
      }
      guard fewer.count < places.count else { return places.map { history[$0] } }
      places = fewer.map(\.0)
    }
  }
}
