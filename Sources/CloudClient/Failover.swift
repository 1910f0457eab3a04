import CloudAPI
import Synchronization

extension CloudClient {
  /// Sends a call until a node answers it, and returns the answer of success.
  func send(_ call: Call) async throws(CloudError) -> Answer {
    var waited: Duration = .zero
    var repeats = 0
    while true {
      switch try await sendOnce(call) {
      case .success(let answer):
        return answer
      case .failure(let refusal):
        guard let delay = refusal.retryAfter, call.mayRepeat(after: refusal.problem.code),
          repeats < retries.repeats, waited + delay <= retries.patience
        else {
          throw .refused(refusal.problem)
        }
        do {
          try await retries.sleep(delay)
        } catch {
          throw .cancelled
        }
        waited += delay
        repeats += 1
      }
    }
  }

  private struct Refusal: Error {
    var problem: Problem
    var retryAfter: Duration?
  }

  /// Goes once around the endpoints, until one answers other than "not now".
  private func sendOnce(_ call: Call) async throws(CloudError) -> Result<Answer, Refusal> {
    let first = preferred.withLock { $0 }
    var failures: [EndpointFailure] = []
    var busy: Refusal?
    for offset in endpoints.indices {
      let index = (first + offset) % endpoints.count
      let endpoint = endpoints[index]
      let answer: Answer
      do {
        answer = try await exchange(call, with: endpoint)
      } catch {
        let failure = EndpointFailure(endpoint: endpoint.description, reason: error.reason)
        switch error.kind {
        case .cancelled: throw .cancelled
        case .unreadableFile(let path): throw .unreadableFile(path: path, reason: error.reason)
        case .outcomeUnknown: throw .outcomeUnknown(failure)
        case .notDone: failures.append(failure)
        }
        continue
      }
      preferred.withLock { $0 = index }
      guard let problem = try answer.problem() else { return .success(answer) }
      let refusal = Refusal(problem: problem, retryAfter: answer.retryAfter)
      // Another node may have the leader or the room that this one lacks. A rate limit is the
      // whole cluster's: asking around would only be rude.
      guard problem.status == 503, call.mayRepeat(after: problem.code) else {
        return .failure(refusal)
      }
      busy = refusal
    }
    if let busy { return .failure(busy) }
    throw .unreachable(failures)
  }
}
