import Foundation

/// Where messages for people go: the standard error, so that results stay clean.
enum Terminal {
  /// One line to a person.
  static func say(_ line: String) {
    write(line + "\n")
  }

  static func write(_ text: String) {
    // Nobody can be told that the place for telling is gone.
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}

/// Whether and how text is coloured.
struct Style {
  enum Color: Int {
    case bold = 1
    case dim = 2
    case red = 31
    case green = 32
    case yellow = 33
  }

  var isColored: Bool

  static let plain = Style(isColored: false)

  /// Colour on a terminal that has any, unless `NO_COLOR` is set (https://no-color.org).
  static func standardOutput(
    environment: [String: String] = ProcessInfo.processInfo.environment,
    isTerminal: Bool = isatty(STDOUT_FILENO) == 1
  ) -> Style {
    let refused = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
    return Style(isColored: isTerminal && !refused)
  }

  func paint(_ text: String, _ color: Color?) -> String {
    guard isColored, let color, !text.isEmpty else { return text }
    return "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m"
  }
}
