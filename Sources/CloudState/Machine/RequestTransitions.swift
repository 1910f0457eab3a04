extension Transition {
  /// What makes it count is that every outcome is remembered by the request's identifier.
  func recordAnswer(_ command: RecordAnswer) throws -> Effect {
    guard command.answer.body.count <= StateLimits.answerBytes else {
      throw Rejection.invalid(
        field: "body", message: "must be at most \(StateLimits.answerBytes) bytes")
    }
    try Rejection.requireName(command.answer.mediaType, field: "media_type", mayBeEmpty: true)
    return .answerRecorded(command.answer)
  }
}
