/// The names of messages that were sent lately, a bounded number of them.
struct RecentMails {
  private let limit: Int
  private var names: Set<String> = []
  /// In the order in which they came, from `oldest` on and around.
  private var order: [String] = []
  private var oldest = 0

  init(limit: Int = 10_000) {
    self.limit = limit
  }

  /// Whether it is news.
  mutating func add(_ name: String) -> Bool {
    guard names.insert(name).inserted else { return false }
    guard order.count == limit else {
      order.append(name)
      return true
    }
    names.remove(order[oldest])
    order[oldest] = name
    oldest = (oldest + 1) % limit
    return true
  }
}
