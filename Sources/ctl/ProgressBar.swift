import CloudClient
import Foundation
import Synchronization

/// The progress of an upload, on one line that is written over and over.
///
/// It is told of every chunk from the client's threads and draws when what it shows changes.
final class ProgressBar: Sendable {
  private let drawn = Mutex("")
  private let write: @Sendable (String) -> Void

  init(write: @escaping @Sendable (String) -> Void = Terminal.write) {
    self.write = write
  }

  func update(_ progress: UploadProgress) {
    let line = Self.line(progress)
    drawn.withLock { drawn in
      guard line != drawn else { return }
      // Erasing to the end of the line (EL, ECMA-48) removes what a longer line left.
      write("\r" + line + "\u{1B}[K")
      drawn = line
    }
  }

  /// Takes the bar away.
  func clear() {
    drawn.withLock { drawn in
      if !drawn.isEmpty { write("\r\u{1B}[K") }
      drawn = ""
    }
  }

  static func line(_ progress: UploadProgress) -> String {
    guard progress.sent < progress.total else {
      return "Sent \(Units.bytes(progress.total)), analyzing…"
    }
    let share = Double(progress.sent) / Double(progress.total)
    // Rounded down: 100 % is said when it is true.
    return "Sending \(Units.bar(share, width: 30)) \(Int(share * 100)) % of "
      + Units.bytes(progress.total)
  }
}
