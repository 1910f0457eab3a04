public import Logging
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Writes log lines to standard error, each in one piece.
public struct StandardErrorLog: LogHandler {
  /// Attached to each line.
  public var metadata: Logger.Metadata = [:]
  /// What a task adds to each line.
  public var metadataProvider: Logger.MetadataProvider?
  /// Lines below this level are not written.
  public var logLevel: Logger.Level

  private let label: String
  private let format: LogFormat

  /// Lines of several threads do not mix.
  private static let output = Mutex(())

  /// A log of one part of the program.
  public init(label: String, level: Logger.Level, format: LogFormat) {
    self.label = label
    self.format = format
    logLevel = level
  }

  /// One value attached to each line.
  public subscript(metadataKey key: String) -> Logger.MetadataValue? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// Writes a line.
  public func log(event: LogEvent) {
    var all = metadata
    if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
    if let own = event.metadata { all.merge(own) { $1 } }
    if let error = event.error { all["error"] = "\(error)" }
    let line = format.line(
      time: Self.now(), level: event.level, label: label, message: event.message.description,
      metadata: all)
    Self.output.withLock { _ in Self.write(Array(line.utf8)) }
  }

  private static func write(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if written < 0 && errno == EINTR { continue }
      // Nobody reads the log any more; there is no place left to say so.
      guard written > 0 else { return }
      rest = rest.dropFirst(written)
    }
  }

  /// The time in UTC with milliseconds (RFC 3339).
  private static func now() -> String {
    var clock = timespec()
    clock_gettime(CLOCK_REALTIME, &clock)
    var date = tm()
    gmtime_r(&clock.tv_sec, &date)
    func digits(_ value: Int, _ width: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, width - text.count)) + text
    }
    return digits(Int(date.tm_year) + 1900, 4) + "-" + digits(Int(date.tm_mon) + 1, 2) + "-"
      + digits(Int(date.tm_mday), 2) + "T" + digits(Int(date.tm_hour), 2) + ":"
      + digits(Int(date.tm_min), 2) + ":" + digits(Int(date.tm_sec), 2) + "."
      + digits(clock.tv_nsec / 1_000_000, 3) + "Z"
  }
}
