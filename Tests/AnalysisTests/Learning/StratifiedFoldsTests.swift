import Testing

@testable import Analysis

@Suite struct StratifiedFoldsTests {
  private let classes = (0..<60).map { $0 % 3 }

  @Test func everyClassIsSpreadEvenly() {
    var generator = SeededGenerator(seed: 1)
    let folds = StratifiedFolds(classes: classes, classCount: 3, count: 5, generator: &generator)
    for fold in 0..<5 {
      for label in 0..<3 {
        #expect(folds.rows(in: fold).count { classes[$0] == label } == 4)
      }
    }
  }

  @Test func rowsOfAGroupComeIntoOneFold() {
    var generator = SeededGenerator(seed: 1)
    let groups = (0..<60).map { $0 / 4 }
    let folds = StratifiedFolds(
      classes: classes, classCount: 3, count: 5, groups: groups, generator: &generator)
    for group in 0..<15 {
      #expect(
        Set(classes.indices.filter { groups[$0] == group }.map { folds.foldOfRow[$0] }).count == 1)
    }
    for fold in 0..<5 { #expect(folds.rows(in: fold).count == 12) }
  }

  @Test func fewerGroupsThanFoldsAreNone() {
    var generator = SeededGenerator(seed: 1)
    let folds = StratifiedFolds(
      classes: classes, classCount: 3, count: 5, groups: classes, generator: &generator)
    for fold in 0..<5 { #expect(folds.rows(in: fold).count == 12) }
  }
}
