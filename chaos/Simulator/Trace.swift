/// The history of a run: always as a fingerprint, as text only when somebody reads it.
struct Trace {
  private(set) var fingerprint = Fingerprint()
  private let sink: (@Sendable (String) -> Void)?

  init(sink: (@Sendable (String) -> Void)?) { self.sink = sink }

  /// Adds an event. `kind` tells kinds of event apart.
  mutating func note(
    _ time: Microseconds, _ kind: Character, _ who: Int, _ a: UInt64 = 0, _ b: UInt64 = 0,
    as text: @autoclosure () -> String
  ) {
    fingerprint.mix(time)
    fingerprint.mix(UInt64(kind.asciiValue ?? 0) << 32 | UInt64(who))
    fingerprint.mix(a)
    fingerprint.mix(b)
    if let sink { sink("\(Self.format(time))  \(text())") }
  }

  /// Seconds with six places.
  static func format(_ time: Microseconds) -> String {
    let fraction = String(time % 1_000_000)
    return "\(time / 1_000_000).\(String(repeating: "0", count: 6 - fraction.count))\(fraction)"
  }
}
