import Testing

@testable import Analysis

@Suite struct HypothesisTests {
  @Test(arguments: [
    (3.841458821, 1.0, 0.05), (6.634896601, 1, 0.01), (18.307038053, 10, 0.05),
    (2.705543454, 1, 0.1), (124.342113404, 100, 0.05), (0.010025084, 2, 0.995),
  ])
  func chiSquaredTailsAreThoseOfTheTables(x: Double, freedom: Double, tail: Double) {
    #expect(abs(ChiSquaredTail.probability(x, freedom: freedom) - tail) < 1e-8)
  }

  /// scipy.stats.chi2.sf of SciPy 1.17.
  @Test(arguments: [
    (3.2, 1.0, 0.07363827012030258), (30, 2, 3.0590232050182594e-07), (0.3, 5, 0.9976430862605289),
    (250, 200, 0.009379131668826098), (400, 200, 1.8438936497115418e-15),
    (0.001, 1, 0.9747728793699604), (55.5, 30, 0.0031147830910325655),
    (700, 30, 4.910784176303052e-128), (5, 7, 0.6599632296942824),
  ])
  func chiSquaredTailsAreThoseOfScipy(x: Double, freedom: Double, tail: Double) {
    #expect(abs(ChiSquaredTail.probability(x, freedom: freedom) / tail - 1) < 1e-9)
  }

  @Test func chiSquaredTailsStayFinite() {
    #expect(ChiSquaredTail.probability(0, freedom: 3) == 1)
    #expect(ChiSquaredTail.probability(.infinity, freedom: 3) == 0)
    #expect(ChiSquaredTail.probability(1e6, freedom: 5) == 0)
    #expect(ChiSquaredTail.probability(10, freedom: 10_000) > 0.999)
  }

  @Test func aTableOfCountsIsTestedByHand() throws {
    var table = ContingencyTable(rows: 2, columns: 2)
    for (row, column, count) in [(0, 0, 20), (0, 1, 30), (1, 0, 30), (1, 1, 20)] {
      table.add(row, column, count: count)
    }
    let test = try #require(table.independence)
    #expect(abs(test.statistic - 4) < 1e-12)
    #expect(abs(test.probability - 0.0455002639) < 1e-9)
    #expect(test.leastExpected == 25)
    // phi² = 0.04 - 1/99; both sides 2 - 1/99.
    #expect(abs(test.correctedV - (0.0298989899 / 0.9898989899).squareRoot()) < 1e-9)
  }

  @Test func theBiasOfCramersVIsCorrected() throws {
    var generator = SeededGenerator(seed: 1)
    var table = ContingencyTable(rows: 10, columns: 10)
    for _ in 0..<200 { table.add(generator.next(below: 10), generator.next(below: 10)) }
    #expect(try #require(table.independence).correctedV < 0.15)
    var same = ContingencyTable(rows: 10, columns: 10)
    for row in 0..<200 { same.add(row % 10, 9 - row % 10) }
    #expect(try #require(same.independence).correctedV > 0.999)
    #expect(ContingencyTable(rows: 3, columns: 3).independence == nil)
  }

  @Test func ranksAreComparedByHand() throws {
    // First 1, 2, 4; second 3, 5, 6: eight of nine pairs go to the second.
    let test = try #require(
      RankSum(
        sorted: [(1, true), (2, true), (3, false), (4, true), (5, false), (6, false)]
          .map { (number: Double($0.0), isFirst: $0.1) }))
    #expect(abs(test.superiority - 1.0 / 9) < 1e-12)
    #expect(abs(test.effect - 7.0 / 9) < 1e-12)
    // z = (3.5 - 0.5) / sqrt(9 * 7 / 12)
    #expect(abs(test.probability - 0.1904302) < 1e-6)
    #expect(RankSum(sorted: [(number: 1, isFirst: true), (number: 1, isFirst: false)]) == nil)
    #expect(RankSum(sorted: [(number: 1, isFirst: true), (number: 2, isFirst: true)]) == nil)
  }

  /// scipy.stats.mannwhitneyu with its continuity correction, ties among the numbers.
  @Test func ranksWithTiesAreComparedAsScipyDoes() throws {
    let first = [1, 2, 2, 3, 5, 8, 8, 9, 12, 12, 15, 20]
    let second = [2, 4, 8, 8, 10, 13, 14, 16, 18, 18, 21, 25, 30]
    let sorted = (first.map { ($0, true) } + second.map { ($0, false) }).sorted { $0.0 < $1.0 }
    let test = try #require(RankSum(sorted: sorted.map { (number: Double($0.0), isFirst: $0.1) }))
    #expect(abs(test.superiority - 41.0 / 156) < 1e-12)
    #expect(abs(test.probability - 0.04642865336383641) < 1e-12)
  }

  /// scipy.stats.kstwobign at Stephens's statistic.
  @Test(arguments: [
    (100, 100, 0.192, 0.043458075169063054), (50, 80, 0.25, 0.03510659742779969),
    (1_000, 500, 0.06, 0.17538426198134868), (30, 20, 0.5, 0.002897057550796698),
    (5_000, 200, 0.11, 0.01747538111692177),
  ])
  func tailsOfTheLargestDistanceAreThoseOfScipy(n: Int, m: Int, distance: Double, tail: Double) {
    #expect(abs(KolmogorovSmirnov(distance: distance, n, m).probability - tail) < 1e-12)
  }

  /// scipy.stats.ncx2, which Sankaran's approximation meets to some thousandths.
  @Test(arguments: [
    (20.0, 4.0, 8.0, 0.8889830036183183), (5, 2, 3, 0.5940608030781964),
    (100, 20, 60, 0.8804653151748336), (10, 1, 12, 0.38139313426423677),
  ])
  func nonCentralTailsAreNearThoseOfScipy(x: Double, k: Double, l: Double, value: Double) {
    let found = NoncentralChiSquared.cumulative(x, freedom: k, noncentrality: l)
    #expect(abs(found - value) < 0.005)
  }

  @Test func holmStepsDown() {
    let adjusted = MultipleTests.holm([0.01, 0.04, 0.03, 0.005])
    let expected = [0.03, 0.06, 0.06, 0.02]
    #expect(zip(adjusted, expected).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(MultipleTests.holm([]) == [])
  }

  @Test func distributionsAreComparedByTheirLargestDistance() throws {
    func distance(_ first: [Double], _ second: [Double]) throws -> Double {
      let column = try table(columnText(first + second)).columns[0]
      let samples = [Array(first.indices), Array(first.count..<(first.count + second.count))]
      return SortedNumbers([column, column], samples).distances([1..<2])[0]
    }
    #expect(try distance([1, 2, 3, 4], [3, 4, 5, 6]) == 0.5)
    #expect(try distance([1, 1, 2], [2, 1, 1]) == 0)
    #expect(try distance([1, 2, 3], [7, 8, 9, 10]) == 1)
    #expect(try distance([1, 2], []) == 0)
    #expect(KolmogorovSmirnov(distance: 0, 3, 3).probability == 1)
    // Kolmogorov's distribution: 5 % at 1.3581.
    let p = KolmogorovSmirnov(distance: 1.3581 / 100, 20_000, 20_000).probability
    #expect(abs(p - 0.05) < 0.002)
  }

  @Test func stabilityIsCountedByHand() {
    #expect(PopulationStability.index([50, 50], [50, 50]) == 0)
    // p = 50.5/101, q = 75.5/101 and 25.5/101.
    let expected = (25.0 / 101) * (0.402153 + 0.683318)
    #expect(abs(PopulationStability.index([50, 50], [75, 25]) - expected) < 1e-4)
    #expect(PopulationStability.index([100, 0], [0, 100]).isFinite)
  }

  @Test func aSampleOfRowsIsDrawnWithoutRepetition() {
    let rows = RowSample.rows(of: 1_000, limit: 100, seed: 1)
    #expect(rows.count == 100)
    #expect(rows == Set(rows).sorted())
    #expect(rows == RowSample.rows(of: 1_000, limit: 100, seed: 1))
    #expect(RowSample.rows(of: 5, limit: 100, seed: 1) == [0, 1, 2, 3, 4])
  }
}
