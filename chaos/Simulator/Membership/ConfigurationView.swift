import Raft

/// The configurations in a member's log, as its persist batches describe it.
struct ConfigurationView {
  struct Version {
    var position: LogPosition
    var configuration: Configuration
  }

  /// In the order of the log. Those that a snapshot covers may be among them.
  private(set) var versions: [Version] = []
  /// The one in force when the member was last looked at.
  var seen = Configuration()

  init(_ log: LogView) { take(log.entries) }

  /// Takes a batch over.
  ///
  /// - Returns: how many configurations were replaced.
  mutating func adopt(_ batch: PersistBatch) -> Int {
    if batch.restart != nil { versions = [] }
    guard let first = batch.entries.first?.index else { return 0 }
    let kept = versions.firstIndex { $0.position.index >= first } ?? versions.count
    let replaced = versions.count - kept
    versions.removeLast(replaced)
    take(batch.entries)
    return replaced
  }

  private mutating func take(_ entries: [Entry]) {
    for entry in entries {
      guard case .configuration(let configuration, _) = entry.content else { continue }
      versions.append(Version(position: entry.position, configuration: configuration))
    }
  }
}
