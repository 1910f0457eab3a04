import AsyncHTTPClient
import CloudAPI
import CloudState
import Foundation
import Logging
import Metrics
import NIOCore
import NodeTelemetry
import Synchronization

/// Hands messages to the operator's mailer, off the path of the requests that cause them.
///
/// A message is tried a few times. It is lost if the mailer takes none of them, if too many wait, or if
/// the node ends: then the person asks again. Resets have a queue of their own, so that no number of
/// other messages keeps out who has lost a password.
final class Mailer: Sendable {
  /// Messages of some kinds, which wait for each other and for no others.
  private struct Queue: Sendable {
    static let waiting = 1_000
    static let atOnce = 4

    let messages: AsyncStream<MailMessage>
    let sender: AsyncStream<MailMessage>.Continuation

    init() {
      (messages, sender) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.waiting))
    }
  }

  private static let attemptTime = TimeAmount.seconds(5)
  /// What the node's end leaves for messages that wait.
  private static let drainTime = Duration.seconds(2)

  static let definitions = [
    MetricDefinition(
      "clean_mails_total", .counter, help: "Messages to people, by what became of them.")
  ]

  private let options: MailerOptions?
  private let logger: Logger
  private let resets = Queue()
  private let others = Queue()
  private let sent = Mutex(RecentMails())
  private let delivered: Counter
  private let failed: Counter
  private let dropped: Counter

  init(_ options: MailerOptions?, metrics: MetricsRegistry, logger: Logger) {
    self.options = options
    self.logger = logger
    metrics.define(Self.definitions)
    func counter(_ outcome: String) -> Counter {
      Counter(label: "clean_mails_total", dimensions: [("outcome", outcome)], factory: metrics)
    }
    delivered = counter("delivered")
    failed = counter("failed")
    dropped = counter("dropped")
  }

  /// Whether messages go anywhere.
  var isThere: Bool { options != nil }

  /// Takes a message; nothing is waited for. One that was sent before is not sent again: a request that is
  /// repeated, as anybody may, is answered as the first one was, and asks for no other mail.
  func send(_ message: MailMessage) {
    guard isThere, sent.withLock({ $0.add(message.name) }) else { return }
    if case .enqueued = queue(of: message).sender.yield(message) { return }
    dropped.increment()
    logger.warning("a mail was dropped: too many wait for the mailer")
  }

  private func queue(of message: MailMessage) -> Queue {
    switch message.kind {
    case .passwordReset: resets
    case .invitation, .emailVerification: others
    }
  }

  /// Delivers messages while `body` runs, and for a moment after it those that wait.
  func deliver(during body: @escaping @Sendable () async throws -> Void) async throws {
    guard let options else { return try await body() }
    var configuration = HTTPClient.Configuration()
    // What is in a message is for the mailer alone, and not for whomever that names.
    configuration.redirectConfiguration = .disallow
    try await HTTPClient.withHTTPClient(configuration: configuration) { client in
      try await deliver(to: options, by: client, during: body)
    }
  }

  private func deliver(
    to options: MailerOptions, by client: HTTPClient,
    during body: @escaping @Sendable () async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { [self] in
        async let urgent: Void = work(on: resets, options, client)
        await work(on: others, options, client)
        await urgent
      }
      do {
        try await body()
      } catch {
        group.cancelAll()
        throw error
      }
      resets.sender.finish()
      others.sender.finish()
      group.addTask {
        try await Task.sleep(for: Self.drainTime)
      }
      try await group.next()
      group.cancelAll()
    }
  }

  private func work(on queue: Queue, _ options: MailerOptions, _ client: HTTPClient) async {
    await withTaskGroup(of: Void.self) { group in
      var running = 0
      for await message in queue.messages {
        if running == Queue.atOnce {
          await group.next()
          running -= 1
        }
        group.addTask { [self] in await deliver(message, to: options, by: client) }
        running += 1
      }
    }
  }

  private func deliver(
    _ message: MailMessage, to options: MailerOptions, by client: HTTPClient
  ) async {
    do {
      let body = Array(try JSONEncoder.cleanCloud.encode(message))
      let name = message.name
      var reason = ""
      for pause in [nil] + options.pauses.map(Optional.some) {
        if let pause { try await Task.sleep(for: pause) }
        switch await attempt(body, name: name, options, client) {
        case .taken: return delivered.increment()
        case .refused(let why):
          reason = why
        case .notYet(let why):
          reason = why
          continue
        }
        break
      }
      failed.increment()
      logger.warning(
        "the mailer does not take a mail",
        metadata: ["kind": "\(message.kind)", "why": "\(reason)"])
    } catch {
      // Only the node's end interrupts a pause.
      dropped.increment()
    }
  }

  private enum Attempt {
    case taken
    /// Trying again will not help.
    case refused(String)
    case notYet(String)
  }

  private func attempt(
    _ body: [UInt8], name: String, _ options: MailerOptions, _ client: HTTPClient
  ) async -> Attempt {
    var request = HTTPClientRequest(url: options.url)
    request.method = .POST
    request.headers.add(name: "Content-Type", value: "application/json")
    // The same for each attempt and from each node: one that did arrive need not be sent twice.
    request.headers.add(name: "Idempotency-Key", value: name)
    if let secret = options.secret {
      request.headers.add(
        name: MailSignature.header,
        value: MailSignature.text(of: body, at: .now(), secret: secret))
    }
    request.body = .bytes(ByteBuffer(bytes: body))
    do {
      let response = try await client.execute(request, timeout: Self.attemptTime)
      let status = Int(response.status.code)
      switch status {
      case 200...299: return .taken
      case 408, 425, 429, 500...599: return .notYet("it answers \(status)")
      default: return .refused("it answers \(status)")
      }
    } catch {
      return .notYet("\(error)")
    }
  }
}
