import CloudAPI

extension CloudClient {
  /// Sends a call until a node answers it, and returns the answer of success.
  func send(_ call: Call) async throws(CloudError) -> Answer {
    var delivery = Delivery(client: self, call: call)
    return try await delivery.run()
  }
}

/// The sending of one call, to one endpoint after the other, until it is answered.
private struct Delivery {
  let client: CloudClient
  let call: Call
  /// Set once a sending may have taken effect without an answer that says so.
  private var doubt: Doubt?

  private struct Doubt {
    var failure: EndpointFailure
    /// Whether no answer came at all; otherwise the service itself said that it does not know.
    var isLostAnswer: Bool
  }

  /// What came of asking every endpoint once.
  private enum Round {
    case answered(Answer)
    /// Nobody takes the call now.
    case later(CloudError, retryAfter: Duration?)
  }

  init(client: CloudClient, call: Call) {
    self.client = client
    self.call = call
  }

  mutating func run() async throws(CloudError) -> Answer {
    let retries = client.nodes.retries
    let deadline = retries.now() + retries.deadline
    var repeats = 0
    while true {
      switch try await goAround() {
      case .answered(let answer):
        return answer
      case .later(let error, let retryAfter):
        repeats += 1
        let wait = retries.wait(before: repeats, asked: retryAfter)
        guard repeats <= retries.repeats, retries.now() + wait <= deadline else {
          if let doubt, doubt.isLostAnswer { throw .outcomeUnknown(doubt.failure) }
          throw error
        }
        do {
          try await retries.sleep(wait)
        } catch {
          throw .cancelled
        }
      }
    }
  }

  private mutating func goAround() async throws(CloudError) -> Round {
    var failures: [EndpointFailure] = []
    var busy: Round?
    for endpoint in client.nodes.inOrder {
      let answer: Answer
      do {
        answer = try await client.exchange(call, with: endpoint)
      } catch {
        failures.append(try note(error, of: endpoint))
        continue
      }
      client.nodes.note(answer)
      switch try verdict(on: answer) {
      case .final(let answer): return .answered(answer)
      case .rateLimited(let round): return round
      case .elsewhere(let round): busy = round
      }
    }
    return busy ?? .later(.unreachable(failures), retryAfter: nil)
  }

  private enum Verdict {
    case final(Answer)
    /// A rate limit is the caller's: asking around would only be rude.
    case rateLimited(Round)
    /// Another node may have the leader or the room that this one lacks.
    case elsewhere(Round)
  }

  private mutating func verdict(on answer: Answer) throws(CloudError) -> Verdict {
    let problem: Problem?
    do {
      problem = try answer.problem()
    } catch {
      // What stands between the client and a node that is gone says so in its own words.
      guard [502, 503, 504].contains(answer.status), call.repetition != .harmful else {
        throw error
      }
      doubt(EndpointFailure(answer, "status \(answer.status)"), isLostAnswer: true)
      return .elsewhere(.later(error, retryAfter: answer.retryAfter))
    }
    guard let problem else { return .final(answer) }
    guard call.mayRepeat(after: problem) else { throw refusal(problem) }
    let round = Round.later(.refused(problem), retryAfter: answer.retryAfter)
    switch problem.code {
    case .rateLimited: return .rateLimited(round)
    case .overloaded: return .elsewhere(round)
    default:
      doubt(EndpointFailure(answer, problem.detail ?? problem.title), isLostAnswer: false)
      return .elsewhere(round)
    }
  }

  /// A refusal is the call's answer, unless an earlier sending may have had another.
  private func refusal(_ problem: Problem) -> CloudError {
    guard let doubt, !call.isSettled(by: problem) else { return .refused(problem) }
    return .outcomeUnknown(doubt.failure)
  }

  private mutating func note(
    _ error: ExchangeFailure, of endpoint: Endpoint
  ) throws(CloudError) -> EndpointFailure {
    let failure = EndpointFailure(endpoint: endpoint.description, reason: error.reason)
    switch error.kind {
    case .cancelled: throw .cancelled
    case .unreadableFile(let path): throw .unreadableFile(path: path, reason: error.reason)
    case .notDone: break
    case .outcomeUnknown:
      guard call.repetition != .harmful else { throw .outcomeUnknown(failure) }
      doubt(failure, isLostAnswer: true)
    }
    return failure
  }

  private mutating func doubt(_ failure: EndpointFailure, isLostAnswer: Bool) {
    guard call.repetition != .harmless, doubt?.isLostAnswer != true else { return }
    doubt = Doubt(failure: failure, isLostAnswer: isLostAnswer)
  }
}

extension EndpointFailure {
  fileprivate init(_ answer: Answer, _ reason: String) {
    self.init(endpoint: answer.endpoint.description, reason: reason)
  }
}
