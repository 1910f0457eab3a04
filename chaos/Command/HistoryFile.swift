import Foundation
import History

/// A history on disk.
struct HistoryFile {
  let path: String

  struct Problem: Error, CustomStringConvertible {
    let description: String
  }

  func write(_ history: [ClientOperation]) throws(Problem) {
    let text = HistoryFormat.encode(history)
    guard FileManager.default.createFile(atPath: path, contents: Data(text.utf8)) else {
      throw problem("write")
    }
  }

  /// - Throws: `Problem` or `HistoryFormat.Problem`.
  func read() throws -> [ClientOperation] {
    guard let file = FileHandle(forReadingAtPath: path), let text = try? file.readToEnd() ?? Data()
    else { throw problem("read") }
    return try HistoryFormat.decode([UInt8](text), file: path)
  }

  private func problem(_ deed: String) -> Problem {
    Problem(description: "can't \(deed) \(path): \(String(cString: strerror(errno)))")
  }
}
