import Testing

@testable import History

/// The checker against the definition, on small histories.
@Suite struct CheckerPropertyTests {
  @Test func registerVerdictsAreThoseOfAllPermutations() throws {
    try compare(RegisterModel(), seeds: 1...3_000) {
      $0.register(
        operations: Int($0.draw(1...8)), times: 20, values: 1...Int64($0.draw(1...4)), wrong: 25)
    }
  }

  @Test func versionedVerdictsAreThoseOfAllPermutations() throws {
    try compare(VersionedRegisterModel(), seeds: 1...2_000) {
      $0.register(
        operations: Int($0.draw(1...8)), times: 20, values: 1...100, wrong: 25, versions: true)
    }
  }

  /// Influences only speed the search up: without them it says the same.
  @Test func modelThatClaimsNothingGivesTheSameVerdicts() throws {
    for seed in 1...1_000 as ClosedRange<UInt64> {
      var random = RandomHistory(seed: seed)
      let history = random.register(operations: 9, times: 30, values: 1...30, wrong: 8)
      let plain = try LinearizabilityChecker(SilentModel()).judge(history)
      let verdict = try LinearizabilityChecker(RegisterModel()).judge(history)
      #expect(plain.isLinearizable == verdict.isLinearizable, "seed \(seed)")
    }
  }

  @Test func operationsWithoutInfluenceAreNeededByNobody() throws {
    var checked = 0
    for seed in 1...600 as ClosedRange<UInt64> {
      var random = RandomHistory(seed: seed)
      let history = random.register(operations: 7, times: 20, values: 1...4, wrong: 4)
      let judge = BruteForce(model: RegisterModel())
      guard try judge.isLinearizable(history) else { continue }
      let influences = RegisterModel().influences(of: try RegisterModel().actions(of: history))
      for place in history.indices where influences[place] == .none {
        var rest = history
        rest.remove(at: place)
        checked += 1
        #expect(try judge.isLinearizable(rest), "seed \(seed), without \(place)")
      }
    }
    #expect(checked > 300)
  }

  private func compare<M: Model>(
    _ model: M, seeds: ClosedRange<UInt64>, _ draw: (inout RandomHistory) -> [ClientOperation]
  ) throws {
    var linearizable = 0
    for seed in seeds {
      var random = RandomHistory(seed: seed)
      let history = draw(&random)
      let expected = try BruteForce(model: model).isLinearizable(history)
      let verdict = try LinearizabilityChecker(model).judge(history)
      #expect(verdict.isLinearizable == expected, "seed \(seed): \(verdict)")
      if expected { linearizable += 1 }
      if let part = verdict.failingPart { try checkSmallest(part, model, seed) }
    }
    #expect(linearizable > seeds.count / 5 && linearizable < seeds.count * 4 / 5)
  }

  /// The part fails by itself, not before its last return, and all that can be left out is needed.
  private func checkSmallest<M: Model>(_ part: FailingPart, _ model: M, _ seed: UInt64) throws {
    let judge = BruteForce(model: model)
    #expect(try !judge.isLinearizable(part.operations), "seed \(seed)")
    let influences = model.influences(of: try model.actions(of: part.operations))
    for place in part.operations.indices where influences[place] == .none {
      var rest = part.operations
      rest.remove(at: place)
      #expect(try judge.isLinearizable(rest), "seed \(seed): \(part.operations[place])")
    }
    let order = part.beginning.map { part.operations[$0] }
    #expect(Set(part.beginning).count == order.count && !part.beginning.contains(part.stuck))
    let state = try order.reduce(Optional(model.initial)) { state, operation in
      try state.flatMap { model.step($0, try model.action(of: operation)) }
    }
    #expect(state.map(model.describe) == part.state, "seed \(seed)")
    let ends = part.operations.compactMap(\.returned).sorted()
    guard ends.count > 1, let last = ends.last else { return }
    let shorter = part.operations.filter { $0.called < last }.map { operation in
      var operation = operation
      if operation.returned == last { (operation.returned, operation.output) = (nil, .null) }
      return operation
    }
    #expect(try judge.isLinearizable(shorter), "seed \(seed)")
  }
}

/// A register about whose operations nothing is claimed.
private struct SilentModel: Model {
  private let register = RegisterModel()
  var initial: JSONValue { register.initial }

  func action(of operation: ClientOperation) throws(Misfit) -> RegisterModel.Action {
    try register.action(of: operation)
  }

  func step(_ state: JSONValue, _ action: RegisterModel.Action) -> JSONValue? {
    register.step(state, action)
  }

  func describe(_ state: JSONValue) -> String { register.describe(state) }
}
