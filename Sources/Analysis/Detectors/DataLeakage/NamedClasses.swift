/// Which class a text names, as prompts with their answers and records with their verdicts do.
struct NamedClasses {
  /// The words of each class with letters in its name, by the hash of the first.
  private var namesByFirst: [UInt64: [(words: [UInt64], level: UInt32)]] = [:]

  init(_ classes: [String]) {
    for (index, name) in classes.enumerated() {
      var words: [UInt64] = []
      WordHash.words(Array(name.utf8)[...], into: &words)
      guard let first = words.first, name.contains(where: \.isLetter) else { continue }
      namesByFirst[first, default: []].append((words, UInt32(index) + 1))
    }
  }

  /// For each row one more than the class that its text names; 0 if it names none, or several. Linear in the
  /// texts' bytes.
  func named(in column: Column, _ rows: [Int]) -> [UInt32] {
    var words: [UInt64] = []
    return rows.map { row in
      WordHash.words(column.bytes(row), into: &words)
      var found: UInt32 = 0
      for (place, word) in words.enumerated() {
        for name in namesByFirst[word] ?? []
        where words[place...].starts(with: name.words) && name.level != found {
          guard found == 0 else { return 0 }
          found = name.level
        }
      }
      return found
    }
  }
}
