import Foundation

/// How far a campaign has come.
struct Progress {
  var done: Int
  var failed: Int
  var total: Int
  var seconds: Double

  /// One line for people.
  var description: String {
    let parts = ["\(done) of \(total) seeds", "\(failed) failed"]
    guard done > 0, seconds > 0 else { return parts.joined(separator: ", ") }
    let rate = Double(done) / seconds
    let left = Int((Double(total - done) / rate).rounded(.up))
    return (parts + ["\(Int(rate * 60)) a minute", "\(Self.format(left)) left"])
      .joined(separator: ", ")
  }

  static func format(_ seconds: Int) -> String {
    switch seconds {
    case ..<60: "\(seconds) s"
    case ..<3600: "\(seconds / 60) min \(seconds % 60) s"
    default: "\(seconds / 3600) h \(seconds / 60 % 60) min"
    }
  }
}

/// Shows progress on standard error: on a terminal in a line that changes, in a log now and then in a
/// line of its own.
struct ProgressDisplay {
  private let isTerminal = isatty(STDERR_FILENO) != 0
  private var shownAt = 0.0

  mutating func show(_ progress: Progress) {
    guard progress.seconds - shownAt >= (isTerminal ? 0.1 : 10) else { return }
    shownAt = progress.seconds
    write(isTerminal ? "\r\u{1B}[K\(progress.description)" : "\(progress.description)\n")
  }

  /// Takes the changing line away again.
  func clear() { if isTerminal { write("\r\u{1B}[K") } }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
