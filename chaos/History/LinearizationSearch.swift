/// Looks for an order of an object's operations that the model allows and in which none comes before
/// another that had returned when it was called (Herlihy and Wing, "Linearizability", 1990).
///
/// The search is that of Wing and Gong ("Testing and verifying concurrent objects", 1993) with what Lowe
/// added ("Testing for linearizability", 2017): configurations are remembered, so that none is tried
/// twice, and an operation is put in the order just in time, which is before one that is due. Because
/// all that were due before are in the order, a configuration is no more than which operation is due
/// next, which of those under way are in the order, and the state.
struct LinearizationSearch<M: Model> {
  enum Result {
    /// There is an order.
    case found
    /// There is none. This is the longest beginning of one, and the call that has no place after it;
    /// both are numbers of calls.
    case impossible(beginning: [Int], state: M.State, stuck: Int)
    /// More configurations than allowed would have to be looked at.
    case undecided
  }

  private let model: M
  private let timeline: Timeline<M>
  private let limit: Int
  private var waiting: WaitingCalls
  private var path: [Step] = []
  /// For each configuration, which operations without answer had been used to get there. Who used fewer
  /// can do all that others can, so only the smallest sets are kept, and none that holds another.
  private var seen: [Configuration: [Bitset]] = [:]
  private(set) var configurations = 0
  private var deepest: (beginning: [Int], node: Node)

  fileprivate struct Configuration: Hashable {
    /// How many of the timeline's `dues` are in the order, and with them all before.
    var done = 0
    /// Slots of the others in the order that are due.
    var early = Bitset()
    var state: M.State
    /// The call that made the state, if others are known to see its effect.
    var maker: Int?
  }

  fileprivate struct Node {
    var configuration: Configuration
    /// Slots of operations without answer that are in the order.
    var unanswered = Bitset()
  }

  /// A call that was put in the order, and where to go on if that was a mistake.
  private struct Step {
    var call: Int
    var node: Node
    var cursor: Cursor
  }

  /// Goes through the calls that may be next. If a read fits, nothing else need be tried. Otherwise
  /// first comes the call that is due, then those that make room for it at once, then the others.
  private enum Cursor {
    case reads
    case due
    case helpers(after: Int)
    case others(after: Int)
    case end
  }

  init(_ model: M, _ timeline: Timeline<M>, limit: Int) {
    self.model = model
    self.timeline = timeline
    self.limit = limit
    waiting = WaitingCalls(count: timeline.calls.count)
    deepest = ([], Node(configuration: Configuration(state: model.initial)))
  }

  /// Searches.
  ///
  /// - Parameter keepsBeginning: whether the beginning is wanted; to keep it costs time at each step
  ///   forward.
  mutating func run(keepsBeginning: Bool = false) -> Result {
    var node = Node(configuration: Configuration(state: model.initial))
    var cursor = Cursor.reads
    while node.configuration.done < timeline.dues.count {
      if let (call, state) = next(&cursor, from: node) {
        let child = node.adding(timeline.calls, timeline.dues, call, state)
        guard isNew(child) else { continue }
        guard configurations <= limit else { return .undecided }
        path.append(Step(call: call, node: node, cursor: cursor))
        waiting.lift(call)
        (node, cursor) = (child, .reads)
        note(node, keepsBeginning: keepsBeginning)
      } else if let step = path.popLast() {
        waiting.putBack(step.call)
        (node, cursor) = (step.node, step.cursor)
      } else {
        let end = deepest.node.configuration
        return .impossible(
          beginning: deepest.beginning, state: end.state, stuck: timeline.dues[end.done])
      }
    }
    return .found
  }

  private mutating func note(_ node: Node, keepsBeginning: Bool) {
    let (done, best) = (node.configuration.done, deepest.node.configuration.done)
    let isLonger = keepsBeginning && done == best && path.count > deepest.beginning.count
    guard done < timeline.dues.count, done > best || isLonger else { return }
    deepest = (keepsBeginning ? path.map(\.call) : [], node)
  }

  private mutating func isNew(_ node: Node) -> Bool {
    var sets = seen[node.configuration] ?? []
    guard !sets.contains(where: { $0.isSubset(of: node.unanswered) }) else { return false }
    sets.removeAll { node.unanswered.isSubset(of: $0) }
    sets.append(node.unanswered)
    seen[node.configuration] = sets
    configurations += 1
    return true
  }

  // MARK: What may come next

  private func next(_ cursor: inout Cursor, from node: Node) -> (call: Int, state: M.State)? {
    let due = timeline.dues[node.configuration.done]
    if case .reads = cursor {
      var place = waiting.start
      while let (call, after) = candidate(after: &place, node, before: due) {
        guard model.onlyReads(timeline.calls[call].action) else { continue }
        cursor = .end
        return (call, after)
      }
      cursor = .due
    }
    if case .due = cursor {
      cursor = .helpers(after: waiting.start)
      if let after = step(node, due) { return (due, after) }
    }
    if case .helpers(var place) = cursor {
      while let (call, after) = candidate(after: &place, node, before: due) {
        cursor = .helpers(after: place)
        if call != due, allows(due, after) { return (call, after) }
      }
      cursor = .others(after: waiting.start)
    }
    if case .others(var place) = cursor {
      while let (call, after) = candidate(after: &place, node, before: due) {
        cursor = .others(after: place)
        if call != due, !allows(due, after) { return (call, after) }
      }
      cursor = .end
    }
    return nil
  }

  /// The state after a call; nil if the model or those who are yet to see the present state forbid it.
  private func step(_ node: Node, _ call: Int) -> M.State? {
    let state = node.configuration.state
    guard let after = model.step(state, timeline.calls[call].action) else { return nil }
    guard after != state, let maker = node.configuration.maker else { return after }
    let isSeen = timeline.calls[maker].witnesses.allSatisfy {
      $0 == call || node.contains($0, timeline.calls, timeline.dues)
    }
    return isSeen ? after : nil
  }

  private func allows(_ call: Int, _ state: M.State) -> Bool {
    model.step(state, timeline.calls[call].action) != nil
  }

  /// The next call that was made before `due` has to be in the order, and that fits here.
  private func candidate(
    after place: inout Int, _ node: Node, before due: Int
  ) -> (call: Int, state: M.State)? {
    guard let end = timeline.calls[due].due else { return nil }
    while let call = waiting.call(after: place), timeline.calls[call].called < end {
      place = call
      guard let after = step(node, call) else { continue }
      // Without an answer and without an effect it need not be in the order.
      if timeline.calls[call].due == nil, after == node.configuration.state { continue }
      return (call, after)
    }
    return nil
  }
}

extension LinearizationSearch.Node {
  /// Whether a call that is due at some time is in the order.
  fileprivate func contains(
    _ call: Int, _ calls: [Timeline<M>.Call], _ dues: [Int]
  ) -> Bool {
    guard let end = calls[dues[configuration.done]].due, let due = calls[call].due else {
      return false
    }
    return due < end || calls[call].called < end && configuration.early.contains(calls[call].slot)
  }

  /// Puts a call in the order, and passes what is due up to the next that is not in it.
  fileprivate func adding(
    _ calls: [Timeline<M>.Call], _ dues: [Int], _ call: Int, _ state: M.State
  ) -> Self {
    var node = self
    if state != configuration.state {
      node.configuration.maker = calls[call].witnesses.isEmpty ? nil : call
    }
    node.configuration.state = state
    if calls[call].due == nil {
      node.unanswered.insert(calls[call].slot)
    } else {
      node.configuration.early.insert(calls[call].slot)
    }
    while node.configuration.done < dues.count {
      let slot = calls[dues[node.configuration.done]].slot
      guard node.configuration.early.contains(slot) else { break }
      node.configuration.early.remove(slot)
      node.configuration.done += 1
    }
    return node
  }
}
