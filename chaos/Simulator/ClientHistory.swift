import History

/// What a client has begun, for the history.
struct BegunOperation {
  var name: String
  var key: JSONValue
  var input: JSONValue
}

/// What the clients of a run asked, were answered, and when. Writing it down changes nothing in the run.
struct ClientHistory {
  private var operations: [ClientOperation] = []
  private var current: [Current]
  private var lastStamp: Int64 = -1
  private let limit: Int

  private struct Current {
    /// Where its operation stands; nil when it has none.
    var place: Int?
    /// The attempts at it that may have had an effect.
    var open: Set<Int> = []
  }

  /// - Parameter limit: how many operations are written down; all that happens later is not, and what is
  ///   under way then has no answer.
  init(clients: Int, limit: Int = 1_000_000) {
    current = [Current](repeating: Current(), count: clients)
    self.limit = limit
  }

  mutating func begin(_ client: Int, _ operation: BegunOperation, at now: Microseconds) {
    guard operations.count < limit else {
      current[client] = Current()
      return
    }
    current[client] = Current(place: operations.count)
    operations.append(
      ClientOperation(
        client: .integer(Int64(client)), name: operation.name, key: operation.key,
        input: operation.input, called: stamp(now), returned: nil))
  }

  mutating func ask(_ ticket: Ticket) { current[ticket.client].open.insert(ticket.attempt) }

  /// The attempt certainly has no effect.
  mutating func refuse(_ ticket: Ticket) { current[ticket.client].open.remove(ticket.attempt) }

  mutating func end(_ client: Int, _ output: JSONValue, at now: Microseconds) {
    guard let place = current[client].place, operations.count < limit else { return }
    operations[place].output = output
    operations[place].returned = stamp(now)
    current[client] = Current()
  }

  /// Nanoseconds that differ for all that happens, so that what happened first is seen to be first.
  private mutating func stamp(_ now: Microseconds) -> Int64 {
    lastStamp = max(lastStamp + 1, Int64(now) * 1_000)
    return lastStamp
  }

  /// By time of call, without those that certainly had no effect.
  var recorded: [ClientOperation] {
    let vain = current.compactMap { $0.open.isEmpty ? $0.place : nil }
    return operations.indices.filter { !vain.contains($0) }.map { operations[$0] }
  }
}

extension Simulation {
  /// What the clients asked and were answered so far, by time of call: the workload's operations, as
  /// docs/fault-model.md describes them.
  public var history: [ClientOperation] { clientHistory.recorded }

  /// Which model the history is to be held against.
  public var historyModel: ModelKind { workload.historyModel }

  /// Judges the history by itself, whatever was found while it came to be.
  func judgeHistory() {
    let history = clientHistory.recorded
    coverage.count(.operationsJudged, history.count)
    do {
      switch try workload.historyModel.judge(history) {
      case .linearizable: break
      case .notLinearizable(let part): report(.linearizability, "\(part)")
      case .undecided(let object): report(.history, "\(object)")
      }
    } catch {
      report(.history, "operation \(error.operation + 1): \(error.text)")
    }
  }
}
