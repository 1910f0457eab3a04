import CSQLite

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
