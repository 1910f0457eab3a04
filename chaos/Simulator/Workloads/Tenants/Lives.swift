/// From when until when each of many things was good, by places in the log.
struct Lives {
  private struct Life {
    /// The first place at which it is good.
    var begun: UInt64
    /// The first at which it no longer is.
    var ended: UInt64?
  }

  /// A name may live more than once: a request that is repeated when nobody remembers it takes effect again.
  private var lives: [String: [Life]] = [:]

  mutating func begin(_ name: String, at index: UInt64) {
    lives[name, default: []].append(Life(begun: index))
  }

  mutating func end(_ name: String, at index: UInt64) {
    guard var known = lives[name], let last = known.indices.last, known[last].ended == nil else {
      return
    }
    known[last].ended = index
    lives[name] = known
  }

  func isAlive(_ name: String, at index: UInt64) -> Bool {
    lives[name, default: []].contains { life in
      life.begun <= index && life.ended.map { index < $0 } ?? true
    }
  }
}
