import AsyncHTTPClient
import CloudAPI
import CloudState
import Foundation
import Logging
import Metrics
import NIOCore
import NodeTelemetry

/// Hands messages to the operator's mailer, off the path of the requests that cause them.
///
/// A message is tried a few times. It is lost if the mailer takes none of them, if too many wait, or if
/// the node ends: then the person asks again.
final class Mailer: Sendable {
  private static let waiting = 1_000
  private static let atOnce = 4
  private static let attemptTime = TimeAmount.seconds(5)
  /// What the node's end leaves for messages that wait.
  private static let drainTime = Duration.seconds(2)

  static let definitions = [
    MetricDefinition(
      "clean_mails_total", .counter, help: "Messages to people, by what became of them.")
  ]

  private let options: MailerOptions?
  private let logger: Logger
  private let messages: AsyncStream<MailMessage>
  private let sender: AsyncStream<MailMessage>.Continuation
  private let delivered: Counter
  private let failed: Counter
  private let dropped: Counter

  init(_ options: MailerOptions?, metrics: MetricsRegistry, logger: Logger) {
    self.options = options
    self.logger = logger
    (messages, sender) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.waiting))
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

  /// Takes a message; nothing is waited for.
  func send(_ message: MailMessage) {
    guard isThere else { return }
    if case .enqueued = sender.yield(message) { return }
    dropped.increment()
    logger.warning("a mail was dropped: too many wait for the mailer")
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
      group.addTask { [self] in await work(options, client) }
      do {
        try await body()
      } catch {
        group.cancelAll()
        throw error
      }
      sender.finish()
      group.addTask {
        try await Task.sleep(for: Self.drainTime)
      }
      try await group.next()
      group.cancelAll()
    }
  }

  private func work(_ options: MailerOptions, _ client: HTTPClient) async {
    await withTaskGroup(of: Void.self) { group in
      var running = 0
      for await message in messages {
        if running == Self.atOnce {
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
      let name = Random.hexadecimal(bytes: 16)
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
    // The same for each attempt: one that did arrive need not be sent twice.
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
