/// How fast the calls of one workspace come, from the last few seconds.
struct CallDemand: Hashable {
  /// The time for which a lease should last, in milliseconds.
  static let span: Int64 = 2_000
  /// Calls within less than this are no rate yet.
  private static let shortest: Int64 = span / 4

  private var calls: Int64 = 0
  private var since: Int64

  init(at uptime: Int64) {
    since = uptime
  }

  mutating func note(at uptime: Int64) {
    if uptime - since >= Self.span {
      // What is older counts half, as long as it is not much older.
      calls = uptime - since < 2 * Self.span ? calls / 2 : 0
      since = uptime
    }
    calls += 1
  }

  /// About what the next ``span`` needs, at least one.
  func expected(at uptime: Int64) -> Int64 {
    max(1, calls * Self.span / max(Self.shortest, uptime - since))
  }
}
