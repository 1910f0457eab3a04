import Foundation
import Simulator
import Synchronization

/// A file of protocol events in the form that `validate.sh` of etcd-io/raft takes: a JSON object a line,
/// marked by a tag.
final class TraceFile: Sendable {
  let path: String

  struct Problem: Error, CustomStringConvertible {
    let description: String
  }

  private struct Output {
    var file: FileHandle
    var lines = 0
    var pending = Data()
    var problem: (any Error)?
  }
  private let output: Mutex<Output>

  init(path: String) throws {
    self.path = path
    guard FileManager.default.createFile(atPath: path, contents: nil),
      let file = FileHandle(forWritingAtPath: path)
    else { throw Problem(description: "can't write \(path): \(String(cString: strerror(errno)))") }
    output = Mutex(Output(file: file))
  }

  func write(_ event: ProtocolEvent, at time: Int) {
    output.withLock { output in
      do {
        output.lines += 1
        output.pending += try Self.line(event, at: time, number: output.lines)
        if output.pending.count > 1 << 20 { try Self.flush(&output) }
      } catch {
        output.problem = output.problem ?? error
      }
    }
  }

  /// Writes what is pending.
  ///
  /// - Returns: how many events there were.
  func finish() throws -> Int {
    try output.withLock { output in
      if let problem = output.problem { throw problem }
      try Self.flush(&output)
      try output.file.close()
      return output.lines
    }
  }

  private static func flush(_ output: inout Output) throws {
    try output.file.write(contentsOf: output.pending)
    output.pending = Data()
  }

  /// One line. The script orders lines by what follows the second colon, as text, so the time has a
  /// fixed width and ends in the line's number.
  static func line(_ event: ProtocolEvent, at time: Int, number: Int) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let seconds = 1_000_000_000 + time / 1_000_000
    let stamp = String(format: "%d.%06d%08d", seconds, time % 1_000_000, number)
    let start = #"{"level":"debug","ts":\#(stamp),"tag":"trace","event":"#
    return Data(start.utf8) + (try encoder.encode(event)) + Data("}\n".utf8)
  }
}
