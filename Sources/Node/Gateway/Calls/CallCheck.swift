import CloudState
import Synchronization

/// Counts one request as a call of its workspace: once, and not at all if it is refused.
final class CallCheck: Sendable {
  private enum Finding {
    case nothing
    /// There was no lease at hand.
    case waits(CallAccount)
    case counted(CallReceipt)
    case refused(Failure)
    case undone(CallReceipt)
  }

  private let counter: CallCounter
  private let finding = Mutex(Finding.nothing)

  init(_ counter: CallCounter) {
    self.counter = counter
  }

  /// Counts the request if that needs no waiting.
  ///
  /// - Parameter account: For whom; nothing if it counts for nobody.
  /// - Returns: Whether it may go on; otherwise ``count()`` says when.
  /// - Throws: ``Failure`` if the quota is used up.
  func countAtOnce(_ account: CallAccount?) throws -> Bool {
    guard let account else { return true }
    if case .counted = finding.withLock({ $0 }) { return true }
    let receipt = try noting { try counter.countAtOnce(account) }
    finding.withLock { $0 = receipt.map(Finding.counted) ?? .waits(account) }
    return receipt != nil
  }

  /// Counts the request as soon as there is a lease.
  ///
  /// - Throws: ``Failure`` if the quota is used up, or the cluster does not answer.
  func count() async throws {
    guard case .waits(let account) = finding.withLock({ $0 }) else { return }
    do {
      let receipt = try await counter.count(account)
      finding.withLock { $0 = .counted(receipt) }
    } catch {
      note(error)
      throw error
    }
  }

  /// Counts the request, at once or later.
  func count(_ account: CallAccount?) async throws {
    if try !countAtOnce(account) { try await count() }
  }

  /// The request is answered.
  ///
  /// - Parameter counts: Whether it counts: it was neither refused, nor did the service fail it.
  func end(counts: Bool) {
    guard case .counted(let receipt) = finding.withLock({ $0 }) else { return }
    counter.ended(receipt, counts: counts)
    if !counts { finding.withLock { $0 = .undone(receipt) } }
  }

  /// What is told to the caller in the headers of the answer.
  ///
  /// - Parameter now: The time by the cluster's clock.
  func policies(at now: Timestamp) -> [QuotaPolicy] {
    let policy: QuotaPolicy? =
      switch finding.withLock({ $0 }) {
      case .nothing, .waits: nil
      case .counted(let receipt): QuotaPolicy(receipt, returned: 0, at: now)
      case .undone(let receipt): QuotaPolicy(receipt, returned: 1, at: now)
      case .refused(let failure): QuotaPolicy(failure, at: now)
      }
    return policy.map { [$0] } ?? []
  }

  private func noting<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch {
      note(error)
      throw error
    }
  }

  private func note(_ error: any Error) {
    if let failure = error as? Failure { finding.withLock { $0 = .refused(failure) } }
  }
}

extension QuotaPolicy {
  private static let day = 86_400

  fileprivate init?(_ receipt: CallReceipt, returned: Int64, at now: Timestamp) {
    guard let limit = receipt.limit, let remaining = receipt.remaining else { return nil }
    self.init(
      limit: limit, remaining: remaining + returned, resetsAt: receipt.resetsAt, at: now)
  }

  fileprivate init?(_ failure: Failure, at now: Timestamp) {
    guard failure.problem.code == .quotaExceeded, let limit = failure.problem.limit,
      let resetsAt = failure.problem.resetsAt
    else { return nil }
    self.init(
      limit: Int64(limit), remaining: 0,
      resetsAt: Timestamp(milliseconds: Int64(resetsAt.timeIntervalSince1970 * 1_000)), at: now)
  }

  private init(limit: Int64, remaining: Int64, resetsAt: Timestamp, at now: Timestamp) {
    self.init(
      name: .calls, quota: Int(clamping: limit), window: Self.day,
      remaining: Int(clamping: remaining),
      reset: now.wholeSeconds(until: resetsAt))
  }
}
