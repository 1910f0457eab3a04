import Raft

/// A process's view of a `SimulatedDisk`. Paths are absolute.
struct Mount: FileSystem {
  let disk: SimulatedDisk
  let generation: Int

  func open(_ path: String, _ mode: FileOpenMode) throws(FileError) -> any File {
    let (directory, name) = try parent(of: path, "open")
    let content: SimulatedFileContent
    switch directory[name] {
    case .file(let existing)?: content = existing
    case .directory?: throw .simulated("open", path, "Is a directory")
    case nil:
      guard mode == .create else { throw .notFound("open", path) }
      try disk.claim("open", path)
      let created = SimulatedFileContent()
      try disk.begin("open", path) { _, random in
        if random.coin() { directory.set(name, .file(created)) }
      }
      directory.set(name, .file(created))
      content = created
    }
    if mode == .create, !content.bytes.isEmpty {
      try disk.begin("open", path) { _, random in
        if random.coin() { content.resize(to: 0) }
      }
      content.resize(to: 0)
    }
    disk.spend(disk.behavior.operationLatency)
    return SimulatedFile(path: path, mount: self, content: content, isWritable: mode != .read)
  }

  func list(_ path: String) throws(FileError) -> [String] {
    disk.spend(disk.behavior.operationLatency)
    return try directory(at: path, "opendir").names
  }

  func createDirectory(_ path: String) throws(FileError) {
    let (directory, name) = try parent(of: path, "mkdir")
    guard directory[name] == nil else { return }
    try disk.claim("mkdir", path)
    try disk.begin("mkdir", path) { _, random in
      if random.coin() { directory.set(name, .directory(SimulatedDirectory())) }
    }
    disk.spend(disk.behavior.operationLatency)
    directory.set(name, .directory(SimulatedDirectory()))
  }

  func rename(_ source: String, to target: String) throws(FileError) {
    let (directory, from) = try parent(of: source, "rename")
    let (targetDirectory, to) = try parent(of: target, "rename")
    guard directory[from] != nil else { throw .notFound("rename", source) }
    guard directory === targetDirectory else {
      throw .simulated("rename", source, "the simulated disk renames within a directory only")
    }
    try disk.begin("rename", source) { if $1.coin() { directory.rename(from, to: to) } }
    disk.spend(disk.behavior.operationLatency)
    directory.rename(from, to: to)
  }

  func remove(_ path: String) throws(FileError) {
    let (directory, name) = try parent(of: path, "unlink")
    guard case .file? = directory[name] else { throw .notFound("unlink", path) }
    try disk.begin("unlink", path) { if $1.coin() { directory.remove(name) } }
    disk.spend(disk.behavior.operationLatency)
    directory.remove(name)
  }

  func synchronizeDirectory(_ path: String) throws(FileError) {
    let directory = try directory(at: path, "fsync")
    try disk.begin("fsync", path) { if $1.coin() { directory.synchronize() } }
    disk.synchronize(directory)
  }

  // MARK: Paths

  func check(_ operation: String, _ path: String) throws(FileError) {
    guard disk.isCurrent(generation) else {
      throw .simulated(operation, path, "the process has ended")
    }
  }

  private func directory(
    at path: String, _ operation: String
  ) throws(FileError) -> SimulatedDirectory {
    try check(operation, path)
    var directory = disk.root
    for component in path.split(separator: "/") {
      guard case .directory(let next)? = directory[String(component)] else {
        throw .notFound(operation, path)
      }
      directory = next
    }
    return directory
  }

  private func parent(
    of path: String, _ operation: String
  ) throws(FileError) -> (SimulatedDirectory, name: String) {
    guard let slash = path.lastIndex(of: "/") else { throw .notFound(operation, path) }
    let directory = try directory(at: String(path[..<slash]), operation)
    return (directory, String(path[path.index(after: slash)...]))
  }
}

/// A handle of a `Mount`.
final class SimulatedFile: File {
  let path: String
  private let mount: Mount
  private let content: SimulatedFileContent
  private let isWritable: Bool
  private var isClosed = false

  init(path: String, mount: Mount, content: SimulatedFileContent, isWritable: Bool) {
    self.path = path
    self.mount = mount
    self.content = content
    self.isWritable = isWritable
  }

  private static let sector = SimulatedFileContent.sectorSize
  private var disk: SimulatedDisk { mount.disk }

  private func check(_ operation: String, writes: Bool = false) throws(FileError) {
    precondition(!isClosed, "\(path) is used after it was closed")
    precondition(isWritable || !writes, "\(path) is open for reading only")
    try mount.check(operation, path)
  }

  func size() throws(FileError) -> Int {
    try check("fstat")
    return content.bytes.count
  }

  func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(FileError) -> Int {
    try check("pread")
    disk.spend(disk.behavior.operationLatency)
    let count = max(0, min(buffer.count, content.bytes.count - offset))
    guard count > 0 else { return 0 }
    content.bytes.withUnsafeBytes {
      UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + count]))
    }
    return count
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) {
    try check("pwrite", writes: true)
    disk.willWrite(content)
    if offset + bytes.count > content.bytes.count { try disk.claim("pwrite", path) }
    try disk.begin("pwrite", path) { _, random in
      // A sector is written whole or not at all (docs/storage-format.md says what is assumed of disks).
      let first = offset / Self.sector
      let sectors = (offset + bytes.count - 1) / Self.sector + 1 - first
      let written = random.draw(0...sectors)
      let count = min((first + written) * Self.sector - offset, bytes.count)
      guard count > 0 else { return }
      content.write(UnsafeRawBufferPointer(rebasing: bytes[..<count]), at: offset)
    }
    disk.spend(disk.behavior.operationLatency)
    content.write(bytes, at: offset)
  }

  func synchronize() throws(FileError) {
    try check("fdatasync", writes: true)
    try disk.begin("fdatasync", path) { interruption, random in
      switch interruption {
      case .stopped: content.writeBack(&random)
      case .failed: content.failSynchronization(&random)
      }
    }
    disk.synchronize(content)
  }

  func preallocate(_ size: Int) throws(FileError) {
    try check("posix_fallocate", writes: true)
    guard size > content.bytes.count else { return }
    try disk.claim("posix_fallocate", path)
    try disk.begin("posix_fallocate", path) { _, random in
      content.resize(to: random.draw(content.bytes.count...size))
    }
    disk.spend(disk.behavior.operationLatency)
    content.resize(to: size)
  }

  func truncate(to size: Int) throws(FileError) {
    try check("ftruncate", writes: true)
    if size > content.bytes.count { try disk.claim("ftruncate", path) }
    try disk.begin("ftruncate", path) { if $1.coin() { content.resize(to: size) } }
    disk.spend(disk.behavior.operationLatency)
    content.resize(to: size)
  }

  func close() throws(FileError) {
    isClosed = true
  }
}
