import History
import Testing

/// What a person is told about a history that is not linearizable.
@Suite struct FailingPartTests {
  /// A register that many clients use, one after the other, and one stale read in the middle.
  private func longHistory() -> [ClientOperation] {
    var history: [ClientOperation] = []
    for turn in 0..<200 as Range<Int64> {
      history.append(write(turn, 10 * turn, 10 * turn + 2, by: turn % 5, key: "a"))
      history.append(read(turn, 10 * turn + 3, 10 * turn + 5, by: 7, key: "a"))
      history.append(write(turn, 10 * turn, nil, by: 9, key: "b"))
    }
    history.append(read(41, 1_006, 1_008, by: 8, key: "a"))
    return history
  }

  @Test func smallestPartIsNamed() throws {
    let part = try #require(try ModelKind.register.judge(longHistory()).failingPart)
    #expect(part.key == "a")
    #expect(part.total == 401)
    #expect(
      part.operations == [
        write(41, 410, 412, by: 1, key: "a"), write(100, 1_000, 1_002, by: 0, key: "a"),
        read(41, 1_006, 1_008, by: 8, key: "a"),
      ])
    #expect(
      part.description == """
        key "a": of 401 operations these 3 fit into no order
          client 1  write 41   called 410, returned 412
          client 0  write 100  called 1000, returned 1002
          client 8  read → 41  called 1006, returned 1008
          longest order: write 41 by client 1; then the register holds 41, and there is no place for \
        write 100 by client 0
        """)
  }

  @Test func partIsAHistoryThatFails() throws {
    let part = try #require(try ModelKind.register.judge(longHistory()).failingPart)
    let again = try #require(try ModelKind.register.judge(part.operations).failingPart)
    #expect(again.operations == part.operations)
  }

  @Test func whoEndsLaterHasNoAnswer() throws {
    let history = [
      write(1, 0, 10, by: 0), write(2, 5, 100, by: 1), read(2, 20, 21), read(1, 22, 23),
      write(3, 30, 31, by: 2),
    ]
    let part = try #require(try ModelKind.register.judge(history).failingPart)
    #expect(part.operations == [history[0], write(2, 5, nil, by: 1), history[2], history[3]])
    #expect(part.description.contains("client 1  write 2, unanswered  called 5, not returned"))
  }

  @Test func smallestOfSeveralObjectsIsNamed() throws {
    let history = [
      write(1, 0, 1, key: "a"), write(2, 2, 3, key: "a"), read(1, 4, 5, key: "a"),
      read(9, 0, 1, key: "b"),
    ]
    let part = try #require(try ModelKind.register.judge(history).failingPart)
    #expect(part.key == "b" && part.failingObjects == 2)
    #expect(
      part.description == """
        key "b": of 1 operations these 1 fit into no order
          client 1  read → 9  called 0, returned 1
          at first nothing is written, and there is no place for read → 9 by client 1
          (the smallest of 2 objects that fail)
        """)
  }

  @Test func whatTakesTooLongIsUndecided() throws {
    // Equal values, written and read at once in any of very many orders, and one that nobody wrote.
    var history: [ClientOperation] = []
    for value in 0..<40 as Range<Int64> { history.append(write(value % 7, 0, 100, by: value)) }
    for turn in 0..<40 as Range<Int64> { history.append(read(turn * turn % 7, 0, 100, by: turn)) }
    history.append(read(8, 101, 102))
    let checker = LinearizabilityChecker(RegisterModel(), limit: 2_000)
    guard case .undecided(let object) = try checker.judge(history) else {
      Issue.record("decided within 2,000 configurations")
      return
    }
    #expect(
      object.description
        == #"key "x": undecided after 2000 configurations of 81 operations"#)
  }
}
