/// The configurations that the log may still go back to. The last one is in force, committed or not
/// (paper §6: "a server always uses the latest configuration in its log").
struct ConfigurationHistory {
  /// Ordered by index; never empty. The first is committed.
  private var versions: [(index: LogIndex, configuration: Configuration)]

  init(base: Configuration, at index: LogIndex) { versions = [(index, base)] }

  var current: Configuration { versions[versions.count - 1].configuration }

  /// Where the log holds the current configuration.
  var currentIndex: LogIndex { versions[versions.count - 1].index }

  /// The configuration in force when the log ended at `index`.
  func configuration(at index: LogIndex) -> Configuration {
    (versions.last { $0.index <= index } ?? versions[0]).configuration
  }

  /// Where the log holds the first configuration that is so.
  func firstIndex(where condition: (Configuration) -> Bool) -> LogIndex? {
    versions.first { condition($0.configuration) }?.index
  }

  /// Whether `id` votes in the newest configuration that is committed, as far as `commit` tells, or in
  /// one after it.
  ///
  /// Who is to leave may have to lead once more: it may be the only one whose log holds the very change,
  /// and then nobody else can win (dissertation §4.2.2).
  func mayLead(_ id: MemberID, commit: LogIndex) -> Bool {
    let first = versions.lastIndex { $0.index <= commit } ?? 0
    return versions[first...].contains { $0.configuration.isVoter(id) }
  }

  mutating func append(_ configuration: Configuration, at index: LogIndex) {
    versions.append((index, configuration))
  }

  mutating func truncate(from index: LogIndex) {
    while versions.count > 1, versions[versions.count - 1].index >= index { versions.removeLast() }
  }

  /// Forgets what a snapshot at `index` makes unreachable.
  mutating func compact(through index: LogIndex) {
    while versions.count > 1, versions[1].index <= index { versions.removeFirst() }
  }
}
