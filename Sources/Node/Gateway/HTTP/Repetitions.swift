import CloudState
import HTTPTypes

/// Answers what is asked again as it was answered first.
///
/// Of a request that changes something the state remembers what came of it, and the handler makes the same
/// answer of that. What changes nothing has its answer recorded here, if it was answered well: a refusal has
/// had no effect, and is judged anew. No secret is ever kept: an answer that has one is made of its request's
/// seed and of a command that the state remembers.
struct Repetitions: Sendable {
  private static let step = "answer"

  let state: StateSource
  let proposer: Proposer

  /// - Throws: ``Failure/idempotencyKeyReused()`` if another request had the key, or what `action` does.
  func answer(
    _ call: Call, _ action: @Sendable (Call) async throws -> Answer
  ) async throws -> Answer {
    let known = try await known(call)
    if let answer = known.answer { return answer }
    var call = call
    call.commands.seed.mix(in: known.salt ?? Random.salt())
    do {
      return try await recorded(call, action)
    } catch Rejection.repeated(let salt) {
      // It came before, and this node had not heard of it.
      call.commands.seed.mix(in: salt)
      return try await recorded(call, action)
    }
  }

  private func recorded(
    _ call: Call, _ action: @Sendable (Call) async throws -> Answer
  ) async throws -> Answer {
    let answer = try await action(call)
    guard !call.commands.trace.isRemembered, Self.isKept(answer) else { return answer }
    let first = try await proposer.propose(
      RecordAnswer(answer: RecordedAnswer(answer)), in: call.commands, step: Self.step)
    return Answer(first)
  }

  /// The answer that was recorded for the request, and the salt of its secrets, as far as this node knows.
  /// What it does not know yet it learns when it proposes.
  private func known(_ call: Call) async throws -> (answer: Answer?, salt: RequestSalt?) {
    let (seed, fingerprint) = (call.seed, call.commands.fingerprint)
    return try await state.read { view in
      let earlier = try ["", Self.step].compactMap { step in
        try view.rememberedRequest(seed.requestID(for: step))
      }
      guard earlier.allSatisfy({ $0.fingerprint == fingerprint }) else {
        throw Failure.idempotencyKeyReused()
      }
      return (
        earlier.compactMap(\.answer).first.map { Answer($0) }, earlier.compactMap(\.salt).first
      )
    }
  }

  private static func isKept(_ answer: Answer) -> Bool {
    (200...299).contains(answer.status.code) && answer.pieces == nil
      && answer.body.count <= StateLimits.answerBytes
  }
}

extension RecordedAnswer {
  fileprivate init(_ answer: Answer) {
    self.init(
      status: Int64(answer.status.code), mediaType: answer.mediaType ?? "", body: answer.body)
  }
}

extension Answer {
  fileprivate init(_ recorded: RecordedAnswer) {
    self.init(
      status: HTTPResponse.Status(code: Int(clamping: recorded.status)),
      mediaType: recorded.mediaType.isEmpty ? nil : recorded.mediaType, body: recorded.body)
  }
}
