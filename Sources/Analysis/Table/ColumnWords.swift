extension String {
  /// The words of a column's name in lower case: it is split at everything but letters, and before
  /// a capital that follows a small letter or begins the last word of capitals.
  ///
  /// `patientAge`, `patient_age`, `AGE2` and `Patient-Age (years)` have the word `age`; `message`
  /// does not.
  var nameWords: [String] {
    var words: [String] = []
    var word = ""
    let characters = Array(self)
    for (index, character) in characters.enumerated() {
      guard character.isLetter else {
        if !word.isEmpty { words.append(word) }
        word = ""
        continue
      }
      let follows = index > 0 && characters[index - 1].isLetter
      if follows, character.isUppercase {
        let afterSmall = characters[index - 1].isLowercase
        let beforeSmall = index + 1 < characters.count && characters[index + 1].isLowercase
        if afterSmall || beforeSmall {
          words.append(word)
          word = ""
        }
      }
      word += character.lowercased()
    }
    if !word.isEmpty { words.append(word) }
    return words
  }
}
