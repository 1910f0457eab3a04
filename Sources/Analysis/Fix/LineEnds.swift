/// Holds back the end of the last line that was kept, so that a dataset whose last line has no end
/// still has none when that line is left out.
struct LineEnds: Sendable {
  private var held: [UInt8] = []

  /// Before anything else is written.
  mutating func release(to output: inout [UInt8]) {
    guard !held.isEmpty else { return }
    output += held
    held.removeAll(keepingCapacity: true)
  }

  /// A byte of the end of a line that was kept.
  mutating func hold(_ byte: UInt8) { held.append(byte) }

  /// - Parameter lastLineIsOpen: Whether the last line of the input was left out and had no end.
  mutating func finish(lastLineIsOpen: Bool, _ output: inout [UInt8]) {
    if !lastLineIsOpen { release(to: &output) }
  }
}
