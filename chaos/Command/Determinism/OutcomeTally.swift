import CloudState
import TenantLog

/// What the entries of a log came to, by kind of command.
struct OutcomeTally {
  private(set) var proposed: [CommandKind: Int] = [:]
  private(set) var accepted: [CommandKind: Int] = [:]
  /// Entries with a command that had been proposed under the same identifier before.
  private(set) var repeated = 0
  /// Entries with bytes that are no command.
  private(set) var unreadable = 0

  init(_ entries: [[UInt8]], _ outcomes: [[UInt8]]) {
    var requests: Set<RequestID> = []
    for (entry, outcome) in zip(entries, outcomes) where !entry.isEmpty {
      guard let envelope = CommandEnvelope(decoding: entry) else {
        unreadable += 1
        continue
      }
      guard requests.insert(envelope.requestID).inserted else {
        repeated += 1
        continue
      }
      let kind = CommandKind(envelope.command)
      proposed[kind, default: 0] += 1
      if case .accepted? = try? Outcome(decoding: outcome) { accepted[kind, default: 0] += 1 }
    }
  }

  /// Kinds of which none took effect: of these the run shows nothing.
  var neverAccepted: [CommandKind] { CommandKind.allCases.filter { accepted[$0] == nil } }
}
