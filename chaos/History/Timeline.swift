/// The operations of one object, ready to be put in order: by the time of their calls, with what a model
/// knows beforehand taken into account.
struct Timeline<M: Model> {
  struct Call {
    /// Its place in the history that the timeline was made of.
    var operation: Int
    var action: M.Action
    /// When it was called, on a clock that ticks once for each call and return.
    var called: Int
    /// When it must be in the order: its return, or that of an operation that shows its effect. Nil for
    /// one that may never take effect.
    var due: Int?
    /// `due` on the history's clock.
    var deadline: Int64?
    /// The calls that show its effect.
    var witnesses: [Int] = []
    /// Tells it from all others of its kind (due or not) that may be under way at the same time.
    var slot = 0
  }

  /// By time of call.
  private(set) var calls: [Call]
  /// The calls that are due, by that time.
  private(set) var dues: [Int]

  /// An operation without effect on others and without an answer is left out: it need not have happened.
  init(_ model: M, _ history: [ClientOperation]) throws(HistoryMisfit) {
    let actions = try model.actions(of: history)
    var intervals: [(operation: Int, called: Int64, due: Int64?)] = []
    let influences = model.influences(of: actions)
    for (index, influence) in influences.enumerated() {
      let operation = history[index]
      var due = operation.returned
      switch influence {
      case .none: if due == nil { continue }
      case .shown(let witnesses):
        due = ([due] + witnesses.map { history[$0].returned }).compactMap(\.self).min()
      case .unclear: break
      }
      // One whose effect was seen before it was called has no place; that shows when it is due.
      intervals.append((index, operation.called, due.map { max($0, operation.called) }))
    }
    (calls, dues) = Self.arrange(intervals, actions)
    connect(influences)
    assignSlots()
  }

  /// Puts times on one clock. Of equal times calls come first: operations that merely touch overlap.
  private static func arrange(
    _ intervals: [(operation: Int, called: Int64, due: Int64?)], _ actions: [M.Action]
  ) -> ([Call], [Int]) {
    let byCall = intervals.indices.sorted {
      (intervals[$0].called, $0) < (intervals[$1].called, $1)
    }
    var calls = byCall.map {
      Call(
        operation: intervals[$0].operation, action: actions[intervals[$0].operation], called: 0)
    }
    var events: [(time: Int64, isDue: Bool, call: Int)] = []
    for (call, place) in byCall.enumerated() {
      events.append((intervals[place].called, false, call))
      if let due = intervals[place].due { events.append((due, true, call)) }
    }
    events.sort {
      if $0.time != $1.time { return $0.time < $1.time }
      return $0.isDue == $1.isDue ? $0.call < $1.call : !$0.isDue
    }
    var dues: [Int] = []
    for (tick, event) in events.enumerated() {
      if event.isDue {
        calls[event.call].due = tick
        calls[event.call].deadline = event.time
        dues.append(event.call)
      } else {
        calls[event.call].called = tick
      }
    }
    return (calls, dues)
  }

  private mutating func connect(_ influences: [Influence]) {
    let places = Dictionary(
      uniqueKeysWithValues: calls.enumerated().map { ($1.operation, $0) })
    for call in calls.indices {
      if case .shown(let witnesses) = influences[calls[call].operation] {
        calls[call].witnesses = witnesses.compactMap { places[$0] }
      }
    }
  }

  private mutating func assignSlots() {
    var free: [Int] = []
    var made = 0
    var optional = 0
    var ended = 0
    for call in calls.indices {
      guard calls[call].due != nil else {
        calls[call].slot = optional
        optional += 1
        continue
      }
      while let due = calls[dues[ended]].due, due < calls[call].called {
        free.append(calls[dues[ended]].slot)
        ended += 1
      }
      if let slot = free.popLast() {
        calls[call].slot = slot
      } else {
        calls[call].slot = made
        made += 1
      }
    }
  }
}

extension Model {
  func actions(of history: [ClientOperation]) throws(HistoryMisfit) -> [Action] {
    var actions: [Action] = []
    actions.reserveCapacity(history.count)
    for (index, operation) in history.enumerated() {
      do {
        actions.append(try action(of: operation))
      } catch {
        throw HistoryMisfit(operation: index, text: error.text)
      }
    }
    return actions
  }
}

/// An operation of a history that the model does not understand.
public struct HistoryMisfit: Error, Hashable, Sendable {
  /// Its place in the history, from 0.
  public var operation: Int
  /// What is wrong with it.
  public var text: String
}
