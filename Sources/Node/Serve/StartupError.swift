/// Why a node can't start or go on: one line for the person who started it.
struct StartupError: Error, CustomStringConvertible {
  /// What is wrong and what to do.
  var description: String
  /// 64 when the command line, environment or file is wrong (`EX_USAGE`), 1 when the machine is.
  var exitCode: Int32

  static let usageCode: Int32 = 64

  static func usage(_ message: String) -> StartupError {
    StartupError(description: message, exitCode: usageCode)
  }

  static func machine(_ message: String) -> StartupError {
    StartupError(description: message, exitCode: 1)
  }
}
