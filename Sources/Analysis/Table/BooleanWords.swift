/// Words for true and false.
enum BooleanWords {
  /// Pairs of them, in small letters, that for true first; words before initials and digits.
  static let pairs = [
    ["true", "false"], ["yes", "no"], ["t", "f"], ["y", "n"], ["1", "0"],
  ]
}
