import Testing

@testable import History

/// Small histories of a register, each with the verdict that a person would give.
@Suite struct RegisterHistoryTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var history: [ClientOperation]
    var isLinearizable: Bool

    init(_ description: String, _ isLinearizable: Bool, _ history: [ClientOperation]) {
      testDescription = description
      self.history = history
      self.isLinearizable = isLinearizable
    }
  }

  static let cases: [Case] = [
    Case("nothing happened", true, []),
    Case("what was written is read", true, [write(1, 0, 1), read(1, 2, 3)]),
    Case("nothing was written yet", true, [read(nil, 0, 1), write(1, 2, 3)]),
    Case("a write is lost", false, [write(1, 0, 1), read(nil, 2, 3)]),
    Case("a read is stale", false, [write(1, 0, 1), write(2, 2, 3), read(1, 4, 5)]),
    Case("a value comes from nowhere", false, [write(1, 0, 1), read(7, 2, 3)]),
    Case("a value is read before it is written", false, [read(1, 0, 1), write(1, 2, 3)]),
    Case(
      "concurrent writes are read in either order", true,
      [write(1, 0, 10, by: 1), write(2, 0, 10, by: 2), read(2, 11, 12), read(2, 13, 14)]),
    Case(
      "concurrent writes change places", false,
      [
        write(1, 0, 10, by: 1), write(2, 0, 10, by: 2), read(2, 11, 12), read(1, 13, 14),
        read(2, 15, 16),
      ]),
    Case(
      "a read during a write sees the old value after another saw the new one", false,
      [write(1, 0, 100), read(1, 10, 20), read(nil, 30, 40, by: 2)]),
    Case(
      "overlapping reads see old and new", true,
      [write(1, 0, 100), read(1, 10, 30), read(nil, 20, 40, by: 2)]),
    Case(
      "a write without answer never happens", true,
      [write(1, 0, 1), write(2, 2, nil), read(1, 10, 11)]),
    Case(
      "a write without answer happens late", true,
      [write(1, 0, 1), write(2, 2, nil), read(1, 10, 11), read(2, 20, 21), read(2, 30, 31)]),
    Case(
      "a write without answer is seen and then unseen", false,
      [write(1, 0, 1), write(2, 2, nil), read(2, 10, 11), read(1, 20, 21)]),
    Case(
      "a write without answer is seen before it was asked for", false,
      [read(2, 0, 1), write(2, 2, nil)]),
    Case("a read without answer says nothing", true, [write(1, 0, 1), read(9, 2, nil)]),
    Case("operations that touch overlap", true, [write(1, 0, 5), read(nil, 5, 6)]),
    Case(
      "an operation may take no time", true, [write(1, 3, 3), read(nil, 3, 3), read(1, 4, 4)]),
    Case(
      "equal values are written twice", true,
      [write(1, 0, 1), write(2, 2, 3), write(1, 4, 5), read(1, 6, 7)]),
    Case(
      "compare-and-set succeeds once", false,
      [write(1, 0, 1), compareAndSet(1, 2, true, 2, 5), compareAndSet(1, 3, true, 2, 5, by: 3)]),
    Case(
      "compare-and-set fails when something else is there", true,
      [write(1, 0, 1), compareAndSet(5, 2, false, 2, 5), read(1, 6, 7)]),
    Case(
      "compare-and-set fails without a reason", false,
      [write(1, 0, 1), compareAndSet(1, 2, false, 2, 5)]),
    Case(
      "compare-and-set without answer is seen", true,
      [write(1, 0, 1), compareAndSet(1, 2, nil, 2, nil), read(1, 3, 4), read(2, 5, 6)]),
    Case(
      "compare-and-set without answer can't have happened", false,
      [write(3, 0, 1), compareAndSet(1, 2, nil, 2, nil), read(2, 5, 6)]),
    Case(
      "registers are independent", true,
      [write(1, 0, 1), read(nil, 2, 3, key: "y"), write(2, 4, 5, key: "y"), read(1, 6, 7)]),
  ]

  @Test(arguments: cases) func verdictIsRight(_ example: Case) throws {
    let verdict = try ModelKind.register.judge(example.history)
    #expect(verdict.isLinearizable == example.isLinearizable, "\(verdict)")
    #expect((verdict.failingPart == nil) == example.isLinearizable)
    let reversed = try ModelKind.register.judge(example.history.reversed())
    #expect(reversed.isLinearizable == example.isLinearizable)
  }

  @Test func versionsSayMoreThanValues() throws {
    let order = [
      write(1, 0, 10, by: 1, version: 5), write(2, 0, 10, by: 2, version: 4), read(1, 11, 12),
    ]
    #expect(try ModelKind.versionedRegister.judge(order).isLinearizable)
    let swapped = Array(order.prefix(2)) + [read(2, 11, 12)]
    #expect(try ModelKind.register.judge(swapped).isLinearizable)
    #expect(try ModelKind.versionedRegister.judge(swapped).failingPart?.operations.count == 3)
    let backwards = [write(1, 0, 1, version: 5), write(2, 2, 3, version: 4)]
    #expect(try ModelKind.versionedRegister.judge(backwards).failingPart?.operations == backwards)
  }

  @Test func logIsOneObject() throws {
    func operation(_ name: String, _ index: Int64, _ times: ClosedRange<Int64>, _ key: JSONValue)
      -> ClientOperation
    {
      ClientOperation(
        client: 0, name: name, key: key, output: .object(["index": .integer(index)]),
        called: times.lowerBound, returned: times.upperBound)
    }
    let command = operation("put", 7, 0...1, "a")
    #expect(try ModelKind.log.judge([command, operation("read", 7, 2...3, "b")]).isLinearizable)
    let stale = [command, operation("read", 6, 2...3, "b")]
    let part = try #require(try ModelKind.log.judge(stale).failingPart)
    #expect(part.operations == stale && part.key == nil)
    #expect(try !ModelKind.log.judge([command, operation("put", 7, 0...1, "b")]).isLinearizable)
    let declared = [command, operation("stale_read", 6, 2...3, "b")]
    #expect(try ModelKind.log.judge(declared).isLinearizable)
  }

  @Test func operationThatTheModelDoesNotKnowIsNamed() {
    let unknown = ClientOperation(client: 0, name: "pop", called: 0, returned: 1)
    #expect(
      throws: HistoryMisfit(operation: 1, text: "a register knows read, write and cas, not pop")
    ) { try ModelKind.register.judge([read(nil, 0, 1), unknown]) }
  }
}
