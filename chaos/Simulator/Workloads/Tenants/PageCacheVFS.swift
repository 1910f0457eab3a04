import CSQLite
import Synchronization

/// A `PageCache` as a file system for SQLite, registered under a name of its own as long as this object
/// lives: each file that is open keeps it alive. Single-threaded, like the simulation. It has no clock and
/// no randomness.
final class PageCacheVFS {
  let cache: PageCache
  /// Never part of a trace: simulations that run side by side must not share it.
  let name: String
  fileprivate let methods: UnsafeMutablePointer<sqlite3_io_methods>
  private let vfs: UnsafeMutablePointer<sqlite3_vfs>
  private let nameBytes: UnsafeMutablePointer<CChar>

  private static let made = Atomic(0)

  init(_ cache: PageCache) {
    self.cache = cache
    name = "page-cache-\(Self.made.add(1, ordering: .relaxed).newValue)"
    let bytes = name.utf8CString
    nameBytes = .allocate(capacity: bytes.count)
    for (place, byte) in bytes.enumerated() { (nameBytes + place).initialize(to: byte) }
    methods = .allocate(capacity: 1)
    methods.initialize(to: ioMethods())
    vfs = .allocate(capacity: 1)
    vfs.initialize(to: sqlite3_vfs())
    vfs.pointee.iVersion = 1
    vfs.pointee.szOsFile = Int32(MemoryLayout<OpenFile>.stride)
    vfs.pointee.mxPathname = 64
    vfs.pointee.zName = UnsafePointer(nameBytes)
    vfs.pointee.pAppData = Unmanaged.passUnretained(self).toOpaque()
    setOperations(of: &vfs.pointee)
    sqlite3_vfs_register(vfs, 0)
  }

  deinit {
    sqlite3_vfs_unregister(vfs)
    vfs.deallocate()
    methods.deallocate()
    nameBytes.deallocate()
  }

  fileprivate static func of(_ vfs: UnsafeMutablePointer<sqlite3_vfs>?) -> PageCacheVFS? {
    vfs?.pointee.pAppData.map {
      Unmanaged<PageCacheVFS>.fromOpaque($0).takeUnretainedValue()
    }
  }
}

/// SQLite's structure of an open file, followed by ours.
private struct OpenFile {
  var base: sqlite3_file
  var handle: Unmanaged<FileHandle>
}

private func openFile(
  _ file: UnsafeMutablePointer<sqlite3_file>?
) -> UnsafeMutablePointer<OpenFile>? {
  file.map { UnsafeMutableRawPointer($0).assumingMemoryBound(to: OpenFile.self) }
}

private func handle(_ file: UnsafeMutablePointer<sqlite3_file>?) -> FileHandle? {
  openFile(file)?.pointee.handle.takeUnretainedValue()
}

// MARK: Operations on names

private func setOperations(of vfs: inout sqlite3_vfs) {
  vfs.xOpen = { vfs, path, file, flags, outFlags in
    // SQLite must not call the methods of a file that was not opened.
    file?.pointee.pMethods = nil
    // A file without a name is a temporary one, and those are kept in memory.
    guard let owner = PageCacheVFS.of(vfs), let path, let file,
      let cached = owner.cache.open(
        String(cString: path), creates: flags & SQLITE_OPEN_CREATE != 0)
    else { return SQLITE_CANTOPEN }
    let opened = FileHandle(cached, of: owner)
    openFile(file)?.initialize(
      to: OpenFile(
        base: sqlite3_file(pMethods: UnsafePointer(owner.methods)),
        handle: Unmanaged.passRetained(opened)))
    outFlags?.pointee = flags
    return SQLITE_OK
  }
  vfs.xDelete = { vfs, path, _ in
    guard let owner = PageCacheVFS.of(vfs), let path else { return SQLITE_IOERR }
    return owner.cache.remove(String(cString: path))
  }
  vfs.xAccess = { vfs, path, _, result in
    guard let owner = PageCacheVFS.of(vfs), let path else { return SQLITE_IOERR }
    result?.pointee = owner.cache.exists(String(cString: path)) ? 1 : 0
    return SQLITE_OK
  }
  vfs.xFullPathname = { _, path, size, full in
    guard let path, let full else { return SQLITE_CANTOPEN }
    let bytes = String(cString: path).utf8CString
    guard bytes.count <= Int(size) else { return SQLITE_CANTOPEN }
    for (place, byte) in bytes.enumerated() { full[place] = byte }
    return SQLITE_OK
  }
  vfs.xRandomness = { _, count, bytes in
    for place in 0..<Int(count) { bytes?[place] = 0 }
    return count
  }
  // Whoever waits for a lock here waits for itself: the wait is over at once, and ends in an error.
  vfs.xSleep = { _, microseconds in microseconds }
  vfs.xCurrentTime = { _, days in
    days?.pointee = 0
    return SQLITE_OK
  }
  vfs.xGetLastError = { _, _, _ in 0 }
}

// MARK: Operations on open files

private func ioMethods() -> sqlite3_io_methods {
  var methods = sqlite3_io_methods()
  methods.iVersion = 2
  setContentOperations(of: &methods)
  setLockOperations(of: &methods)
  setSharedMemoryOperations(of: &methods)
  return methods
}

private func setContentOperations(of methods: inout sqlite3_io_methods) {
  methods.xClose = { file in
    guard let opened = openFile(file) else { return SQLITE_IOERR }
    let handle = opened.pointee.handle.takeRetainedValue()
    handle.close()
    opened.pointee.base.pMethods = nil
    return SQLITE_OK
  }
  methods.xRead = { file, target, count, offset in
    guard let handle = handle(file), let target, !handle.file.isAbandoned, !handle.cache.isStopped
    else { return SQLITE_IOERR }
    let found = max(0, min(Int(count), handle.file.bytes.count - Int(offset)))
    if found > 0 {
      handle.file.bytes.withUnsafeBytes {
        target.copyMemory(from: $0.baseAddress! + Int(offset), byteCount: found)
      }
    }
    guard found < Int(count) else { return SQLITE_OK }
    (target + found).initializeMemory(as: UInt8.self, repeating: 0, count: Int(count) - found)
    return SQLITE_IOERR | (2 << 8)  // SQLITE_IOERR_SHORT_READ
  }
  methods.xWrite = { file, source, count, offset in
    guard let handle = handle(file) else { return SQLITE_IOERR }
    let bytes = UnsafeRawBufferPointer(start: source, count: Int(count))
    return handle.cache.write(bytes, at: Int(offset), to: handle.file)
  }
  methods.xTruncate = { file, size in
    guard let handle = handle(file) else { return SQLITE_IOERR }
    return handle.cache.truncate(handle.file, to: Int(size))
  }
  methods.xSync = { _, _ in SQLITE_OK }
  methods.xFileSize = { file, size in
    guard let handle = handle(file) else { return SQLITE_IOERR }
    size?.pointee = sqlite3_int64(handle.file.bytes.count)
    return SQLITE_OK
  }
  methods.xFileControl = { _, _, _ in SQLITE_NOTFOUND }
  methods.xSectorSize = { _ in 4096 }
  methods.xDeviceCharacteristics = { _ in SQLITE_IOCAP_POWERSAFE_OVERWRITE }
}

private func setLockOperations(of methods: inout sqlite3_io_methods) {
  methods.xLock = { file, level in handle(file)?.lock(level) ?? SQLITE_IOERR }
  methods.xUnlock = { file, level in
    handle(file)?.unlock(to: level)
    return SQLITE_OK
  }
  methods.xCheckReservedLock = { file, result in
    result?.pointee = handle(file)?.isReserved == true ? 1 : 0
    return SQLITE_OK
  }
}

private func setSharedMemoryOperations(of methods: inout sqlite3_io_methods) {
  methods.xShmMap = { file, region, size, makes, address in
    guard let handle = handle(file) else { return SQLITE_IOERR }
    address?.pointee = handle.mapRegion(Int(region), size: Int(size), makes: makes != 0)
      .map { $0.assumingMemoryBound(to: UInt8.self) }.map(UnsafeMutableRawPointer.init)
    return SQLITE_OK
  }
  methods.xShmLock = { file, first, count, flags in
    guard let handle = handle(file) else { return SQLITE_IOERR }
    let slots = ((UInt32(1) << UInt32(count)) - 1) << UInt32(first)
    if flags & SQLITE_SHM_UNLOCK != 0 {
      handle.unlockSlots(slots)
      return SQLITE_OK
    }
    return handle.lockSlots(slots, exclusively: flags & SQLITE_SHM_EXCLUSIVE != 0)
  }
  methods.xShmBarrier = { _ in }
  methods.xShmUnmap = { file, _ in
    handle(file)?.leaveSharedMemory()
    return SQLITE_OK
  }
}
