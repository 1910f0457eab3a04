import CloudState
import Dispatch
import Synchronization

/// How fast callers call this node, in memory: for a caller who spreads their calls over the nodes, the
/// limits of these add up.
final class RateLimiter: Sendable {
  /// Whose calls are counted together.
  enum Subject: Hashable, Sendable {
    case user(UserID)
    case apiKey(APIKeyID)
    /// Whoever comes from there and is nobody known.
    case address(ClientAddress)

    /// The ID of somebody known.
    var name: String? {
      switch self {
      case .user(let id): id.rawValue
      case .apiKey(let id): id.rawValue
      case .address: nil
      }
    }
  }

  /// Callers of a kind that are remembered, at less than 300 bytes each.
  private static let capacity = 100_000

  private let known: Mutex<RateTable<Subject>?>
  private let anonymous: Mutex<RateTable<Subject>?>
  private let now: @Sendable () -> Int64

  /// - Parameters:
  ///   - known: For each user and each API key; nothing for no limit.
  ///   - anonymous: For each address.
  ///   - now: Nanoseconds of a clock that does not go back.
  init(
    known: RateLimit?, anonymous: RateLimit?,
    now: @escaping @Sendable () -> Int64 = { Int64(DispatchTime.now().uptimeNanoseconds) }
  ) {
    let start = now()
    self.known = Mutex(known.map { RateTable($0, capacity: Self.capacity, at: start) })
    self.anonymous = Mutex(anonymous.map { RateTable($0, capacity: Self.capacity, at: start) })
    self.now = now
  }

  /// Counts a call.
  ///
  /// - Returns: Nothing if there is no limit.
  func take(_ subject: Subject) -> (limit: RateLimit, standing: GCRA.Standing)? {
    with(subject) { ($0.limit, $0.take(subject, at: now())) }
  }

  /// What a call would meet, without counting it.
  func standing(of subject: Subject) -> (limit: RateLimit, standing: GCRA.Standing)? {
    with(subject) { ($0.limit, $0.standing(of: subject, at: now())) }
  }

  private func with<Result: Sendable>(
    _ subject: Subject, _ body: (inout RateTable<Subject>) -> Result
  ) -> Result? {
    switch subject {
    case .user, .apiKey: known.withLock { $0 == nil ? nil : body(&$0!) }
    case .address: anonymous.withLock { $0 == nil ? nil : body(&$0!) }
    }
  }
}
