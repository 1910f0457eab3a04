/// Keeps the answer to a request that changed nothing else, so that a repetition gets the same one.
public struct RecordAnswer: Hashable, Sendable {
  /// The answer.
  public var answer: RecordedAnswer

  /// Proposes to keep an answer.
  public init(answer: RecordedAnswer) {
    self.answer = answer
  }
}

/// What a request was answered with. It holds no secrets.
public struct RecordedAnswer: Hashable, Sendable {
  /// The HTTP status.
  public var status: Int64
  /// The type of the body; empty without one.
  public var mediaType: String
  /// At most 64 KiB.
  public var body: [UInt8]

  /// An answer.
  public init(status: Int64, mediaType: String, body: [UInt8]) {
    self.status = status
    self.mediaType = mediaType
    self.body = body
  }
}

extension RecordAnswer: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .recordAnswer(self) }
  /// The answer that was recorded first under the request's identifier.
  public static func success(of effect: Effect) -> RecordedAnswer? {
    if case .answerRecorded(let answer) = effect { answer } else { nil }
  }
}
