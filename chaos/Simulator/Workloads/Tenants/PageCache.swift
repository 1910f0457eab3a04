import CSQLite
import Raft

/// The files of one member's database, as the system's page cache holds them: what a process wrote is
/// there for the next one, until the power fails. Reached by SQLite through a `PageCacheVFS`.
final class PageCache {
  private var files: [String: CachedFile] = [:]
  private var random: RandomSource
  /// Nil when the process does not stop by itself.
  private var writesUntilStop: Int?
  /// The process has stopped within a write, and does nothing more.
  private(set) var isStopped = false

  init(seed: UInt64) { random = RandomSource(seed: seed) }

  // MARK: Faults

  func armStop(after writes: Int) { writesUntilStop = writes }

  func disarmStop() { writesUntilStop = nil }

  /// The process ends; the files stay, for those who open them from now on.
  func endProcess() {
    for (name, file) in files {
      // Locks and shared memory go with the process.
      files[name] = CachedFile(bytes: file.bytes)
      file.isAbandoned = true
      file.bytes = []
    }
    writesUntilStop = nil
    isStopped = false
  }

  /// Nothing stays.
  func losePower() {
    endProcess()
    files = [:]
  }

  // MARK: Files

  func exists(_ path: String) -> Bool { files[path].map { !$0.bytes.isEmpty } ?? false }

  func open(_ path: String, creates: Bool) -> CachedFile? {
    if let file = files[path] { return file }
    guard creates, !isStopped else { return nil }
    let file = CachedFile()
    files[path] = file
    return file
  }

  func remove(_ path: String) -> Int32 {
    guard mayWrite() else { return SQLITE_IOERR }
    return files.removeValue(forKey: path) == nil ? CachedFile.removedNothing : SQLITE_OK
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int, to file: CachedFile) -> Int32 {
    guard !file.isAbandoned, !isStopped else { return SQLITE_IOERR }
    guard mayWrite() else {
      let written = bytes[..<random.draw(0...bytes.count)]
      file.write(UnsafeRawBufferPointer(rebasing: written), at: offset)
      return SQLITE_IOERR
    }
    file.write(bytes, at: offset)
    return SQLITE_OK
  }

  func truncate(_ file: CachedFile, to size: Int) -> Int32 {
    guard !file.isAbandoned, mayWrite() else { return SQLITE_IOERR }
    if size < file.bytes.count { file.bytes.removeLast(file.bytes.count - size) }
    return SQLITE_OK
  }

  private func mayWrite() -> Bool {
    if let writes = writesUntilStop {
      writesUntilStop = writes - 1
      if writes <= 0 { isStopped = true }
    }
    return !isStopped
  }
}

/// A file, with the locks and the shared memory of those who have it open.
final class CachedFile {
  /// What SQLite expects of a removal that finds nothing.
  static let removedNothing = SQLITE_IOERR | (23 << 8)

  var bytes: [UInt8]
  var opened: [FileHandle] = []
  /// The process that had it open has ended.
  var isAbandoned = false
  private var regions: [UnsafeMutableRawBufferPointer] = []

  init(bytes: [UInt8] = []) { self.bytes = bytes }

  deinit { freeSharedMemory() }

  func write(_ source: UnsafeRawBufferPointer, at offset: Int) {
    let end = offset + source.count
    if end > bytes.count { bytes.append(contentsOf: repeatElement(0, count: end - bytes.count)) }
    bytes.withUnsafeMutableBytes {
      UnsafeMutableRawBufferPointer(rebasing: $0[offset..<end]).copyMemory(from: source)
    }
  }

  /// A piece of the memory that all who have the file open share; nil if there is none and it is not
  /// to be made.
  func sharedRegion(_ number: Int, size: Int, makes: Bool) -> UnsafeMutableRawPointer? {
    while regions.count <= number {
      guard makes else { return nil }
      let region = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
      region.initializeMemory(as: UInt8.self, repeating: 0)
      regions.append(region)
    }
    return regions[number].baseAddress
  }

  func freeSharedMemory() {
    for region in regions { region.deallocate() }
    regions = []
  }
}

/// A file that one connection has open, and what the connection has locked of it.
final class FileHandle {
  let file: CachedFile
  private let vfs: PageCacheVFS
  /// A level of SQLite's, from none to exclusive.
  private(set) var level = SQLITE_LOCK_NONE
  /// The slots of the shared memory that are locked, a bit for each.
  private var shared: UInt32 = 0
  private var exclusive: UInt32 = 0
  private var usesSharedMemory = false

  init(_ file: CachedFile, of vfs: PageCacheVFS) {
    self.file = file
    self.vfs = vfs
    file.opened.append(self)
  }

  var cache: PageCache { vfs.cache }

  private var others: [FileHandle] { file.opened.filter { $0 !== self } }

  func close() {
    leaveSharedMemory()
    file.opened.removeAll { $0 === self }
  }

  // MARK: The file's locks

  var isReserved: Bool { file.opened.contains { $0.level >= SQLITE_LOCK_RESERVED } }

  func lock(_ wanted: Int32) -> Int32 {
    guard wanted > level else { return SQLITE_OK }
    let strongest = others.map(\.level).max() ?? SQLITE_LOCK_NONE
    let bearable =
      switch wanted {
      case SQLITE_LOCK_SHARED: SQLITE_LOCK_RESERVED
      case SQLITE_LOCK_RESERVED: SQLITE_LOCK_SHARED
      default: SQLITE_LOCK_NONE
      }
    guard strongest <= bearable else { return SQLITE_BUSY }
    level = wanted
    return SQLITE_OK
  }

  func unlock(to kept: Int32) { level = min(level, kept) }

  // MARK: Shared memory

  func mapRegion(_ number: Int, size: Int, makes: Bool) -> UnsafeMutableRawPointer? {
    usesSharedMemory = true
    return file.sharedRegion(number, size: size, makes: makes)
  }

  func lockSlots(_ slots: UInt32, exclusively: Bool) -> Int32 {
    for other in others where (other.exclusive | (exclusively ? other.shared : 0)) & slots != 0 {
      return SQLITE_BUSY
    }
    if exclusively { exclusive |= slots } else { shared |= slots }
    return SQLITE_OK
  }

  func unlockSlots(_ slots: UInt32) {
    shared &= ~slots
    exclusive &= ~slots
  }

  /// The memory goes with the last who uses it, as it does on a real system: the next one begins with
  /// the file alone.
  func leaveSharedMemory() {
    usesSharedMemory = false
    unlockSlots(.max)
    if !file.opened.contains(where: \.usesSharedMemory) { file.freeSharedMemory() }
  }
}
