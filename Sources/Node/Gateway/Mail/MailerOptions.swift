/// Where mail goes: a service of the operator's that takes it as JSON and sends it.
public struct MailerOptions: Sendable {
  /// Where each message is posted to.
  public var url: String
  /// What signs the messages; nothing for unsigned ones.
  public var secret: String?
  /// How long to wait before each further attempt.
  public var pauses: [Duration]

  /// Options.
  public init(
    url: String, secret: String? = nil,
    pauses: [Duration] = [.milliseconds(500), .seconds(2), .seconds(8)]
  ) {
    self.url = url
    self.secret = secret
    self.pauses = pauses
  }
}
