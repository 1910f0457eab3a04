/// A column of prompts and one of responses to them.
struct PromptPair {
  let prompt: Int
  let response: Int

  /// Finds the responses that repeat their prompts.
  func findEchoes(
    _ subject: AnalysisSubject, _ parameters: ParameterValues, _ checkpoint: Checkpoint,
    _ rows: inout FlawedRows
  ) throws(AnalysisCancelled) {
    let share = parameters.number("echo_share")
    let (prompts, responses) = (subject.table.columns[prompt], subject.table.columns[response])
    var echo = PromptEcho()
    var (asked, answered): ([UInt64], [UInt64]) = ([], [])
    let count = subject.table.rowCount
    var looking = PacedCheckpoint(checkpoint)
    for row in 0..<count where !prompts.isMissing(row) && !responses.isMissing(row) {
      let (question, answer) = (prompts.bytes(row), responses.bytes(row))
      try looking.passed(question.count + answer.count, at: Double(row) / Double(count))
      WordHash.words(question, into: &asked)
      WordHash.words(answer, into: &answered)
      let contained = echo.containment(of: asked, in: answered)
      guard contained >= share else { continue }
      let flaw = FoundFlaw(
        flaw: .echo, score: contained * 0.8,
        predicate: "repeats \(contained.percent) of \(prompts.name)")
      rows.add([flaw], row: row, column: response)
    }
  }

  /// Counts prompts that were answered differently.
  func summary(_ subject: AnalysisSubject) -> TextQualityDetails.Pair {
    let (asked, answered) = (subject.levels(of: prompt), subject.levels(of: response))
    /// The first answer to each prompt, 0 before there is one.
    var first = [UInt32](repeating: 0, count: asked.counts.count)
    var isVaried = [Bool](repeating: false, count: asked.counts.count)
    var both = 0
    for (question, answer) in zip(asked.levelOfRow, answered.levelOfRow)
    where question > 0 && answer > 0 {
      both += 1
      if first[Int(question)] == 0 { first[Int(question)] = answer }
      if first[Int(question)] != answer { isVaried[Int(question)] = true }
    }
    let varied = isVaried.indices.filter { isVaried[$0] }
    return TextQualityDetails.Pair(
      prompt: subject.table.columns[prompt].name, response: subject.table.columns[response].name,
      rows: both, promptsWithSeveralResponses: varied.count,
      rowsOfThem: varied.reduce(0) { $0 + asked.counts[$1] })
  }
}
