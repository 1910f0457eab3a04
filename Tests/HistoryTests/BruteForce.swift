@testable import History

/// Tries every order of the operations, as the definition says.
struct BruteForce<M: Model> {
  let model: M

  func isLinearizable(_ history: [ClientOperation]) throws -> Bool {
    let actions = try history.map { try model.action(of: $0) }
    func canGoOn(_ state: M.State, _ remaining: [Int]) -> Bool {
      if remaining.allSatisfy({ history[$0].returned == nil }) { return true }
      return remaining.contains { next in
        let isFirst = remaining.allSatisfy { other in
          guard let returned = history[other].returned else { return true }
          return other == next || returned >= history[next].called
        }
        guard isFirst, let after = model.step(state, actions[next]) else { return false }
        return canGoOn(after, remaining.filter { $0 != next })
      }
    }
    return canGoOn(model.initial, Array(history.indices))
  }
}

/// SplitMix64 (Steele, Lea and Flood, 2014).
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
    return bits ^ bits >> 31
  }
}

/// Histories that are drawn, of a register to whose clients something goes wrong now and then.
struct RandomHistory {
  var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(state: seed) }

  mutating func draw(_ range: ClosedRange<Int64>) -> Int64 {
    .random(in: range, using: &generator)
  }

  mutating func happens(percent: Int64) -> Bool { draw(1...100) <= percent }

  /// Operations at any time, answered by a register that handles each at some moment of it, and that may
  /// be wrong.
  mutating func register(
    operations: Int, times: Int64, values: ClosedRange<Int64>, wrong: Int64, versions: Bool = false
  ) -> [ClientOperation] {
    var effects: [(time: Int64, place: Int)] = []
    var history: [ClientOperation] = []
    for place in 0..<operations {
      let called = draw(0...times)
      let length = draw(0...max(1, times / 4))
      let client = Int64(place)
      let isUnknown = happens(percent: 15)
      // One without answer may take effect long after its call, or never.
      effects.append((called + (isUnknown ? draw(0...2 * times) : draw(0...length)), place))
      let returned = isUnknown ? nil : called + length
      let value = draw(values)
      switch draw(0...(versions ? 3 : 4)) {
      case 0, 1: history.append(read(nil, called, returned, by: client))
      case 2, 3: history.append(write(value, called, returned, by: client))
      default:
        history.append(compareAndSet(draw(values), value, false, called, returned, by: client))
      }
    }
    carryOut(&history, effects.sorted { $0 < $1 }.map(\.place), values, wrong, versions)
    return history
  }

  private mutating func carryOut(
    _ history: inout [ClientOperation], _ order: [Int], _ values: ClosedRange<Int64>,
    _ wrong: Int64, _ versions: Bool
  ) {
    var state = JSONValue.null
    for (version, place) in order.enumerated() {
      let isWrong = happens(percent: wrong)
      var output = JSONValue.null
      switch history[place].name {
      case "read": output = isWrong ? .integer(draw(values)) : state
      case "write":
        if !isWrong { state = history[place].input }
        if versions { output = .integer(Int64(version)) }
      default:
        guard case .array(let values) = history[place].input else { continue }
        output = .bool((state == values[0]) != isWrong)
        if state == values[0] { state = values[1] }
      }
      if history[place].returned != nil { history[place].output = output }
    }
  }
}
