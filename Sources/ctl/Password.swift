import Foundation

/// Reads a password: from a terminal without showing it, or as the first line of another input.
enum Password {
  static func read(prompt: String, fromStandardInput: Bool) throws -> String {
    guard !fromStandardInput, isatty(STDIN_FILENO) == 1 else {
      return try checked(readLine(strippingNewline: true))
    }
    return try withoutEcho {
      // Not before: what is typed ahead of the switch is shown, and then thrown away by it.
      Terminal.write(prompt)
      defer { Terminal.write("\n") }
      return try checked(line(of: nextByte))
    }
  }

  /// Asks twice, so that a slip of the finger does not become the password.
  static func readNew(fromStandardInput: Bool) throws -> String {
    let password = try read(prompt: "New password: ", fromStandardInput: fromStandardInput)
    guard !fromStandardInput, isatty(STDIN_FILENO) == 1 else { return password }
    guard try read(prompt: "The same again: ", fromStandardInput: false) == password else {
      throw CommandFailure.wrongUsage("the two passwords differ; try again")
    }
    return password
  }

  private static func checked(_ line: String?) throws -> String {
    guard let line, !line.isEmpty else {
      throw CommandFailure.wrongUsage(
        "no password given; type one, or send it with --password-stdin")
    }
    return line
  }

  /// One line as a person types it, with the keys that edit it. Nil when input ends.
  static func line(of nextByte: () -> UInt8?) throws -> String? {
    var bytes: [UInt8] = []
    while let byte = nextByte() {
      switch byte {
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        return String(decoding: bytes, as: UTF8.self)
      case 0x03:  // Ctrl-C, which the terminal hands on because signals are off while it reads.
        throw CommandFailure.wrongUsage("interrupted")
      case 0x04:  // Ctrl-D
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
      case 0x08, 0x7F:  // Backspace takes a whole character away, however many bytes it has.
        var text = String(decoding: bytes, as: UTF8.self)
        _ = text.popLast()
        bytes = Array(text.utf8)
      case 0x15:  // Ctrl-U
        bytes = []
      default:
        bytes.append(byte)
      }
    }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }

  private static func nextByte() -> UInt8? {
    var byte: UInt8 = 0
    return Foundation.read(STDIN_FILENO, &byte, 1) == 1 ? byte : nil
  }

  /// Signals are off too: one that ended the process here would leave the terminal mute.
  private static func withoutEcho<Value>(_ body: () throws -> Value) rethrows -> Value {
    var original = termios()
    guard tcgetattr(STDIN_FILENO, &original) == 0 else { return try body() }
    var silent = original
    silent.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
    defer { tcsetattr(STDIN_FILENO, TCSAFLUSH, &original) }
    return try body()
  }
}
