import Testing

@testable import Analysis

@Suite struct ImputationTests {
  @Test func rowsWithGapsAreRepeatedWithOthersNumbers() {
    let gaps = [
      [false, true, false, false, false, false], [false, true, false, false, true, false],
    ]
    let columns: [[Float]] = [[0, 9, 2, 3, 4, 5], [0, 9, 20, 30, 9, 50]]
    let imputations = Imputations(
      zip(columns, gaps).map { (values: $0, isMissing: $1) }, rowCount: 6)
    #expect(imputations.sources == [1, 1, 1, 4, 4, 4])
    let (first, second) = (
      imputations.extended(columns[0], isMissing: gaps[0]),
      imputations.extended(columns[1], isMissing: gaps[1])
    )
    #expect(first.prefix(6) == [0, 9, 2, 3, 4, 5])
    // What is missing together comes from one row of those that lack nothing, spread evenly.
    #expect(first.suffix(6) == [0, 3, 5, 4, 4, 4])
    #expect(second.suffix(6) == [0, 30, 50, 0, 30, 50])
    #expect(imputations.extended([0, 1, 2, 3, 4, 5]) == [0, 1, 2, 3, 4, 5, 1, 1, 1, 4, 4, 4])

    var probabilities: [Float] = (0..<12).flatMap { [Float($0), 0] }
    imputations.average(&probabilities, classCount: 2)
    #expect(probabilities == [0, 0, 7, 0, 2, 0, 3, 0, 10, 0, 5, 0])
  }

  @Test func noRowIsRepeatedWhereMostHaveGaps() {
    let gap = (values: (0..<10).map { Float($0) }, isMissing: (0..<10).map { $0 != 3 && $0 != 7 })
    let imputations = Imputations([gap], rowCount: 10)
    #expect(imputations.sources.isEmpty)
    var probabilities: [Float] = [1, 2, 3]
    imputations.average(&probabilities, classCount: 3)
    #expect(probabilities == [1, 2, 3])
  }

  @Test func ofARowWithoutNumbersNoModelIsSure() throws {
    var generator = SeededGenerator(seed: 12)
    let labels = (0..<300).map { _ in generator.next(below: 5) < 2 ? 0 : 1 }
    var text = "x,y,label\n"
    for (row, label) in labels.enumerated() {
      let values = [1, 2].map { _ in "\(Double(6 * label) + normal(&generator))" }
      text += (row == 7 ? "," : values.joined(separator: ",")) + ",\(label == 0 ? "a" : "b")\n"
    }
    let table = try table(text)
    let options = AnalysisOptions(labelColumn: "label")
    let subject = AnalysisSubject(
      table: table, label: try LabelColumn(table: table, options: options), options: options)
    let pace = Pace(Checkpoint(report: { _ in }, isCancelled: { false }))
    let features = try LearnableFeatures(subject, rows: Array(labels.indices), pace: pace)
    let design = try #require(try features.design(.standard, subject: subject, pace: pace))
    let candidate = LinearCandidate(
      subject: CandidateSubject(
        labels: labels, classCount: 2, width: 2, hasText: false, generator: &generator),
      design: design, pace: pace)
    let best = try candidate.search(from: .init(penalty: 2, noise: 1), generator: &generator)
    let probabilities = try candidate.fit(best, generator: &generator)
    #expect(probabilities.count == 600)
    // Six in ten are of the class that the medians are of.
    #expect((0.3...0.9).contains(probabilities[2 * 7 + 1]))
    let sure = labels.indices.count { probabilities[2 * $0 + labels[$0]] > 0.95 }
    #expect(sure > 280)
  }
}
