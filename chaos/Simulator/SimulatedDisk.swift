import Raft

/// A disk that survives its machine: what is on the platter, and what the operating system has not
/// brought there yet.
///
/// A process reaches it through a `Mount`, which goes stale when the process ends.
public final class SimulatedDisk {
  /// How fast and how reliable the disk is. Chances are in millionths of an operation.
  public struct Behavior: Sendable {
    /// Microseconds that a write, a read or a change of a name takes.
    public var operationLatency: ClosedRange<Int> = 5...40
    /// Microseconds that a synchronization takes.
    public var synchronizeLatency: ClosedRange<Int> = 100...600
    /// A synchronization takes a hundred times as long.
    public var stallChance = 0
    /// Further microseconds that a synchronization takes, while the disk is slow.
    public var drag: ClosedRange<Int>?
    /// A write or a synchronization fails.
    public var errorChance = 0
    /// Before a write the system brings some written sectors to the disk on its own account.
    public var writeBackChance = 50_000
    /// A power failure tears the sector of a file that is being written: a part of it is new, the rest old.
    public var tearChance = 0
    /// Whether changed names that were not synchronized survive a power failure each for itself; if
    /// not, those before some moment do, as with a journal.
    public var scattersNames = true
    /// Whether `synchronizeDirectory` does nothing: a disk that lies.
    public var ignoresDirectorySynchronization = false
    /// Makes a quick and faultless disk.
    public init() {}
  }

  /// What a power failure did.
  public struct Damage: Sendable {
    /// Written sectors that were not synchronized, and yet survived.
    public var sectorsKept = 0
    /// Written sectors that were lost.
    public var sectorsLost = 0
    /// Files of which some written sectors survived and others did not.
    public var tornFiles = 0
    /// Sectors that were neither: a part of each survived.
    public var sectorsTorn = 0
    /// Created, renamed or removed names that were forgotten.
    public var namesLost = 0
  }

  /// How fast and how reliable it is, from now on.
  public var behavior = Behavior()
  /// Whether nothing that takes space succeeds.
  public var isFull = false
  /// Microseconds of work since the last call of `takeElapsed`.
  private var elapsed: Microseconds = 0
  /// Errors and stalls given out so far.
  public private(set) var errors = 0
  /// Operations that failed for want of space.
  public private(set) var refusals = 0
  /// Synchronizations that took very long.
  public private(set) var stalls = 0
  /// Whether the armed crash has come: nothing works until the disk is mounted anew.
  public private(set) var isFrozen = false

  private var random: RandomSource
  private var generation = 0
  private var operationsUntilCrash: Int?
  let root = SimulatedDirectory()

  /// An empty disk. Latencies, errors and the fate of what was not synchronized follow from the seed.
  public init(seed: UInt64) { random = RandomSource(seed: seed) }

  // MARK: Processes come and go

  /// A file system on this disk for a new process. Earlier ones go stale.
  public func mount() -> some FileSystem {
    generation += 1
    isFrozen = false
    operationsUntilCrash = nil
    return Mount(disk: self, generation: generation)
  }

  /// Lets the disk stop in the middle of the operation that comes after `operations` others that
  /// change something.
  public func armCrash(after operations: Int) { operationsUntilCrash = operations }

  /// The file at `path`, as programs see it.
  func file(at path: String) -> SimulatedFileContent? {
    guard case .file(let file)? = node(at: path) else { return nil }
    return file
  }

  /// The directory at `path`, as programs see it.
  func directory(at path: String) -> SimulatedDirectory? {
    guard case .directory(let directory)? = node(at: path) else { return nil }
    return directory
  }

  private func node(at path: String) -> SimulatedDirectory.Node? {
    path.split(separator: "/").reduce(.directory(root)) { node, name in
      if case .directory(let directory)? = node { directory[String(name)] } else { nil }
    }
  }

  /// Undoes `armCrash`, if the crash has not come yet.
  public func disarmCrash() { operationsUntilCrash = nil }

  /// The process has ended, the machine goes on: what was written stays.
  public func loseProcess() { unmount() }

  /// The power has failed: what was not synchronized survives as chance has it.
  public func losePower() -> Damage {
    unmount()
    var damage = Damage()
    let fate = random.pick(SimulatedFileContent.Fate.allCases)
    var files: [SimulatedFileContent] = []
    root.collectFiles(into: &files)
    for file in files where file.differsFromDisk {
      let tears = random.happens(behavior.tearChance)
      let (kept, lost, torn) = file.settle(fate, tears: tears, &random)
      damage.sectorsKept += kept
      damage.sectorsLost += lost
      damage.sectorsTorn += torn
      if kept > 0 && lost > 0 { damage.tornFiles += 1 }
    }
    damage.namesLost = root.settle(fate, scattered: behavior.scattersNames, &random)
    return damage
  }

  private func unmount() {
    generation += 1
    isFrozen = false
    operationsUntilCrash = nil
    elapsed = 0
  }

  /// The time that all operations since the last call took.
  public func takeElapsed() -> Int {
    defer { elapsed = 0 }
    return elapsed
  }

  // MARK: Operations

  /// Why an operation ends in the middle.
  enum Interruption {
    /// The machine stops.
    case stopped
    /// The disk reports an error.
    case failed
  }

  func isCurrent(_ generation: Int) -> Bool { generation == self.generation && !isFrozen }

  func spend(_ latency: ClosedRange<Int>) { elapsed += random.draw(latency) }

  func willWrite(_ content: SimulatedFileContent) {
    if random.happens(behavior.writeBackChance) { content.writeBack(&random) }
  }

  func synchronize(_ content: SimulatedFileContent) {
    spend(behavior.synchronizeLatency)
    if let drag = behavior.drag { spend(drag) }
    if random.happens(behavior.stallChance) {
      stalls += 1
      elapsed += 100 * behavior.synchronizeLatency.upperBound
    }
    content.synchronize()
  }

  /// An operation takes space.
  func claim(_ operation: String, _ path: String) throws(FileError) {
    guard isFull else { return }
    refusals += 1
    throw .noSpace(operation, path)
  }

  func synchronize(_ directory: SimulatedDirectory) {
    spend(behavior.synchronizeLatency)
    if !behavior.ignoresDirectorySynchronization { directory.synchronize() }
  }

  /// An operation that changes something begins. Throws if the disk stops or fails here; an operation
  /// that is interrupted may have been carried out, or partly, or not at all.
  func begin(
    _ operation: String, _ path: String,
    interrupted: (Interruption, inout RandomSource) -> Void
  ) throws(FileError) {
    if let remaining = operationsUntilCrash {
      if remaining == 0 {
        interrupted(.stopped, &random)
        isFrozen = true
        throw FileError.simulated(operation, path, "the machine stopped")
      }
      operationsUntilCrash = remaining - 1
    }
    if random.happens(behavior.errorChance) {
      errors += 1
      interrupted(.failed, &random)
      throw FileError.simulated(operation, path, "input/output error")
    }
  }
}

extension FileError {
  static func simulated(_ operation: String, _ path: String, _ message: String) -> FileError {
    FileError(operation: operation, path: path, errno: 5, message: message)
  }

  static func noSpace(_ operation: String, _ path: String) -> FileError {
    FileError(operation: operation, path: path, errno: 28, message: "No space left on device")
  }

  static func notFound(_ operation: String, _ path: String) -> FileError {
    FileError(operation: operation, path: path, errno: 2, message: "No such file or directory")
  }
}
