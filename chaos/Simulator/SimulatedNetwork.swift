import Raft

/// The links between members, by their number: each direction is a link of its own.
struct SimulatedNetwork {
  /// How messages fare. Chances are in millionths.
  struct Behavior {
    var latency: ClosedRange<Microseconds> = 0...0
    var dropChance = 0
    var duplicateChance = 0
    var delayChance = 0
    var longDelay: ClosedRange<Microseconds> = 0...0

    /// All messages arrive, and soon.
    static func calm(_ pace: Pace) -> Behavior { Behavior(latency: pace.stretch(50...500)) }
  }

  /// A partition, so that it can be healed while others stay.
  typealias PartitionID = Int

  private struct Partition {
    var id: PartitionID
    var cut: [(from: Int, to: Int)]
    /// Whether it takes what is on its way, too.
    var breaks: Bool

    func cuts(from: Int, to: Int) -> Bool { cut.contains { $0.from == from && $0.to == to } }
  }

  var behavior: Behavior
  private var partitions: [Partition] = []
  private var made = 0
  /// How many messages were sent on each link, and the newest that has arrived.
  private var sent: [[Int]]
  private var newestArrival: [[Int]]

  init(behavior: Behavior, members: Int) {
    self.behavior = behavior
    sent = [[Int]](repeating: [Int](repeating: 0, count: members), count: members)
    newestArrival = sent
  }

  /// One more member, with links to and from all others.
  mutating func addMember() {
    let members = sent.count + 1
    for links in [\SimulatedNetwork.sent, \.newestArrival] {
      for from in self[keyPath: links].indices { self[keyPath: links][from].append(0) }
      self[keyPath: links].append([Int](repeating: 0, count: members))
    }
  }

  // MARK: Messages

  /// What becomes of a message: the delay of each copy that arrives, in order of sending.
  mutating func fate(
    _ random: inout RandomSource, _ coverage: inout Coverage
  ) -> [Microseconds] {
    coverage.count(.messagesSent)
    if random.happens(behavior.dropChance) {
      coverage.count(.messagesDropped)
      return []
    }
    var delays = [delay(&random, &coverage)]
    if random.happens(behavior.duplicateChance) {
      coverage.count(.messagesDuplicated)
      delays.append(delay(&random, &coverage))
    }
    return delays
  }

  private func delay(
    _ random: inout RandomSource, _ coverage: inout Coverage
  ) -> Microseconds {
    if random.happens(behavior.delayChance) {
      coverage.count(.messagesDelayed)
      return random.draw(behavior.longDelay)
    }
    // The smaller of two draws: most messages are quick, some are not.
    return min(random.draw(behavior.latency), random.draw(behavior.latency))
  }

  /// Numbers a message on its link.
  mutating func stamp(from: Int, to: Int) -> Int {
    sent[from][to] += 1
    return sent[from][to]
  }

  /// A message arrives. Returns whether a later one has overtaken it.
  mutating func arrives(_ stamp: Int, from: Int, to: Int) -> Bool {
    guard stamp >= newestArrival[from][to] else { return true }
    newestArrival[from][to] = stamp
    return false
  }

  // MARK: Partitions

  /// Whether nothing can be sent.
  func isCut(from: Int, to: Int) -> Bool {
    partitions.contains { $0.cuts(from: from, to: to) }
  }

  /// Whether nothing arrives, either.
  func isBroken(from: Int, to: Int) -> Bool {
    partitions.contains { $0.breaks && $0.cuts(from: from, to: to) }
  }

  /// Cuts the links between the members of `side` and the others; if `oneWay`, only those away from
  /// `side`. Unless it `breaks` them, what is on its way still arrives.
  mutating func cut(side: [Int], members: Int, oneWay: Bool, breaks: Bool = true) -> PartitionID {
    var links: [(from: Int, to: Int)] = []
    for inner in side {
      for outer in 0..<members where !side.contains(outer) {
        links.append((inner, outer))
        if !oneWay { links.append((outer, inner)) }
      }
    }
    made += 1
    partitions.append(Partition(id: made, cut: links, breaks: breaks))
    return made
  }

  mutating func heal(_ id: PartitionID) { partitions.removeAll { $0.id == id } }

  mutating func healAll() { partitions = [] }
}
