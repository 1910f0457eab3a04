import CloudState
import HTTPTypes

/// What a caller may do by one rule, and how much of it is left, as the headers `RateLimit-Policy` and
/// `RateLimit` tell it (draft-ietf-httpapi-ratelimit-headers-10).
struct QuotaPolicy: Hashable, Sendable {
  /// The rule's name; no quotes.
  var name: Name
  /// How much there is in a window.
  var quota: Int
  /// The window in seconds.
  var window: Int
  /// How much is left.
  var remaining: Int
  /// Seconds until all of it is there again.
  var reset: Int

  /// The rules that there are.
  enum Name: String, Sendable {
    /// Calls at a time (``RateLimit``).
    case burst
    /// API calls of a workspace a day, by its plan.
    case calls
  }

  /// Adds both headers.
  static func describe(_ policies: [QuotaPolicy], in headers: inout HTTPFields) {
    guard !policies.isEmpty else { return }
    headers[.rateLimitPolicy] = policies.map {
      "\"\($0.name.rawValue)\";q=\($0.quota);w=\($0.window)"
    }.joined(separator: ", ")
    headers[.rateLimit] = policies.map {
      "\"\($0.name.rawValue)\";r=\($0.remaining);t=\($0.reset)"
    }.joined(separator: ", ")
  }
}

extension QuotaPolicy {
  init(_ limit: RateLimit, _ standing: GCRA.Standing) {
    self.init(
      name: .burst, quota: limit.burst, window: Self.seconds(limit.window),
      remaining: standing.remaining, reset: Self.seconds(standing.untilFull))
  }

  /// Whole seconds, and none too few.
  static func seconds(_ nanoseconds: Int64) -> Int {
    Int((nanoseconds + 999_999_999) / 1_000_000_000)
  }
}

extension Timestamp {
  /// Seconds from now to a moment, whole ones and none too few; none if it has passed.
  func wholeSeconds(until moment: Timestamp) -> Int {
    Int((max(0, moment.milliseconds - milliseconds) + 999) / 1_000)
  }
}

extension HTTPField.Name {
  static let rateLimit = Self("RateLimit")!
  static let rateLimitPolicy = Self("RateLimit-Policy")!
}
