import Testing

@testable import History

/// Long histories take work in proportion, counted in configurations.
@Suite struct LongHistoryTests {
  /// Clients that each do one thing after the other, and a register that answers rightly. Of a hundred
  /// writes so many as `abandoned` are given up, and happen much later or never.
  private func history(
    operations: Int, clients: Int, abandoned: Int64
  ) -> [ClientOperation] {
    var random = RandomHistory(seed: 4_711)
    var history: [ClientOperation] = []
    var effects: [(time: Int64, place: Int)] = []
    var free = [Int64](repeating: 0, count: clients)
    for place in 0..<operations {
      let client = place % clients
      let called = free[client] + random.draw(1...20)
      let effect = called + random.draw(0...30)
      let returned = effect + random.draw(0...30)
      free[client] = returned
      if random.happens(percent: 50) {
        history.append(read(nil, called, returned, by: Int64(client)))
        effects.append((effect, place))
      } else if random.happens(percent: abandoned) {
        history.append(write(Int64(place), called, nil, by: Int64(client)))
        if random.happens(percent: 50) { effects.append((effect + random.draw(0...3_000), place)) }
      } else {
        history.append(write(Int64(place), called, returned, by: Int64(client)))
        effects.append((effect, place))
      }
    }
    var value = JSONValue.null
    for (_, place) in effects.sorted(by: { $0 < $1 }) {
      if history[place].name == "write" {
        value = history[place].input
      } else {
        history[place].output = value
      }
    }
    return history
  }

  private func configurations(_ history: [ClientOperation]) throws -> Int {
    var search = LinearizationSearch(
      RegisterModel(), try Timeline(RegisterModel(), history), limit: 20 * history.count)
    guard case .found = search.run() else {
      Issue.record("no order was found")
      return .max
    }
    return search.configurations
  }

  @Test(arguments: [1, 8]) func hundredThousandOperationsOfOneRegister(clients: Int) throws {
    let history = history(operations: 100_000, clients: clients, abandoned: 5)
    #expect(try configurations(history) < 4 * history.count)
  }

  @Test func oneStaleReadIsFoundAmongMany() throws {
    var history = history(operations: 20_000, clients: 5, abandoned: 5)
    let place = try #require(history.indices.last { history[$0].name == "read" })
    history[place].output = history[1_000..<2_000].first { $0.name == "write" }?.input ?? .null
    let part = try #require(try ModelKind.register.judge(history).failingPart)
    #expect(part.operations.count == 3)
    #expect(part.operations.contains(history[place]))
  }
}
