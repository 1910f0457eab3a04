import Testing

@testable import Raft

@Suite struct TermIndexTests {
  private func index(_ terms: [UInt64]) -> TermIndex {
    var index = TermIndex(base: .zero)
    for (i, term) in terms.enumerated() {
      index.append(LogPosition(index: LogIndex(UInt64(i + 1)), term: Term(term)))
    }
    return index
  }

  @Test func remembersEveryTerm() {
    let terms: [UInt64] = [1, 1, 2, 5, 5, 5, 9]
    let index = index(terms)
    for (i, term) in terms.enumerated() {
      #expect(index.term(at: LogIndex(UInt64(i + 1))) == Term(term))
    }
    #expect(index.term(at: LogIndex(8)) == nil)
    #expect(index.last == LogPosition(index: LogIndex(7), term: Term(9)))
  }

  @Test func agreesWithAPlainArrayUnderRandomChanges() {
    var random = RandomSource(seed: 1)
    for _ in 0..<200 {
      var plain: [UInt64] = []
      var dropped = 0
      var index = TermIndex(base: .zero)
      for _ in 0..<60 {
        switch random.next(below: 10) {
        case 0 where plain.count > dropped:
          let keep = dropped + Int(random.next(below: UInt64(plain.count - dropped)))
          plain.removeSubrange(keep...)
          index.truncate(from: LogIndex(UInt64(keep + 1)))
        case 1 where plain.count > dropped:
          dropped += 1 + Int(random.next(below: UInt64(plain.count - dropped)))
          index.compact(through: LogIndex(UInt64(dropped)))
        default:
          plain.append((plain.last ?? 1) + random.next(below: 3))
          index.append(LogPosition(index: LogIndex(UInt64(plain.count)), term: Term(plain.last!)))
        }
        #expect(index.lastIndex.rawValue == UInt64(plain.count))
        for i in dropped..<plain.count {
          #expect(index.term(at: LogIndex(UInt64(i + 1))) == Term(plain[i]))
        }
        let asked = Term(1 + random.next(below: 20))
        let expected = (dropped..<plain.count).last { plain[$0] <= asked.rawValue }
        let found = index.lastPosition(at: index.lastIndex, withTermAtMost: asked)
        #expect(found.index.rawValue == UInt64(expected.map { $0 + 1 } ?? dropped))
      }
    }
  }
}
