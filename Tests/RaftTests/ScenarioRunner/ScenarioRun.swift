/// Plays a scenario and compares what happens with what it expects.
struct ScenarioRun {
  /// What came of each command, up to the first that could not be carried out.
  private(set) var outcomes: [[String]] = []
  /// Where another thing happens than is expected.
  private var differences: [Finding] = []
  /// What could not be carried out; the story ends there.
  private(set) var failure: Finding?

  /// What is wrong; empty when the story is true.
  var findings: [Finding] { differences + (failure.map { [$0] } ?? []) }

  init(_ scenario: Scenario) {
    let stage = Stage()
    var mismatches = 0
    for command in scenario.commands where failure == nil {
      do {
        let outcome = try stage.carryOut(command.text)
        outcomes.append(outcome)
        guard outcome != command.expected else { continue }
        mismatches += 1
        // What follows upon a first difference mostly differs because of it.
        if mismatches == 1 { differences.append(Self.difference(command, outcome)) }
      } catch {
        failure = Finding(line: command.line, text: "“\(command.text)”: \(error)")
      }
    }
    if mismatches > 1 {
      let text = "\(mismatches - 1) commands after this one also have another outcome"
      differences.append(Finding(line: differences[0].line, text: text))
    }
  }

  private static func difference(_ command: Scenario.Command, _ outcome: [String]) -> Finding {
    let changes = outcome.difference(from: command.expected)
    var gone: Set<Int> = []
    var new: Set<Int> = []
    for change in changes {
      switch change {
      case .remove(let offset, _, _): gone.insert(offset)
      case .insert(let offset, _, _): new.insert(offset)
      }
    }
    var lines = ["“\(command.text)” has another outcome than expected (-) :"]
    var i = 0
    var j = 0
    while i < command.expected.count || j < outcome.count {
      let number = command.line + 1 + i
      if i < command.expected.count, gone.contains(i) {
        lines.append("\(number) - \(command.expected[i])")
        i += 1
      } else if j < outcome.count, new.contains(j) {
        lines.append("\(number) + \(outcome[j])")
        j += 1
      } else {
        lines.append("\(number)   \(outcome[j])")
        i += 1
        j += 1
      }
    }
    return Finding(line: command.line, text: lines.joined(separator: "\n"))
  }
}
