import CloudState
import Raft

/// The tenants' database of one member: SQLite files in a page cache.
final class TenantDatabase: MemberDatabase {
  private static let directory = "/state"

  private let cache: PageCache
  private let vfs: PageCacheVFS
  private let contents: SnapshotContents
  private let sabotage: DatabaseSabotage?
  private(set) var survives = false
  /// The last batch that was applied, and the one that a process was about to have applied: a crash may
  /// leave either.
  private var applied = LogIndex.zero
  private var attempted: LogIndex?

  init(seed: UInt64, contents: SnapshotContents, sabotage: DatabaseSabotage?) {
    cache = PageCache(seed: seed)
    vfs = PageCacheVFS(cache)
    self.contents = contents
    self.sabotage = sabotage
  }

  func open() throws -> any SimulatedMachine { try openMachine() }

  func openMachine() throws -> TenantMachine {
    let store = try StateStore(
      directory: Self.directory, trustExistingFile: true, vfs: vfs.name)
    survives = store.opening == .reused
    let found = LogIndex(store.lastApplied.index)
    guard found == applied || found == attempted else {
      let target = attempted ?? applied
      throw Finding(
        property: .recovery,
        details: "the database was left at \(applied) on its way to \(target), "
          + "and is at \(found) now (\(store.opening))")
    }
    applied = found
    attempted = nil
    try spoil()
    return TenantMachine(store, in: self, contents: contents)
  }

  /// Carries out what leaves the state at `index`, all of it or nothing.
  func advance<Result>(to index: LogIndex, _ body: () throws -> Result) throws -> Result {
    attempted = index
    let result = try body()
    applied = index
    attempted = nil
    return result
  }

  /// What a sabotaged member does to its tables as soon as they are there.
  func spoil() throws { try sabotage?.apply(to: Self.directory + "/state.sqlite", of: vfs.name) }

  // MARK: Faults

  func armCrash(after writes: Int) { cache.armStop(after: writes) }

  func disarmCrash() { cache.disarmStop() }

  var isStopped: Bool { cache.isStopped }

  func loseProcess(_ random: inout RandomSource) { cache.endProcess() }

  func losePower() { erase() }

  func erase() {
    cache.losePower()
    applied = .zero
    attempted = nil
  }
}
