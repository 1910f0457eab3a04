@testable import Raft

/// The tests' random numbers: SplitMix64, the same for a seed everywhere.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Files in memory that keep no more than POSIX promises when they crash: of what was not
/// synchronized, any sectors of 512 bytes, a part of one that was being written, and any of the directory's
/// changes.
final class FaultFileSystem: FileSystem {
  final class Node {
    var durable: [UInt8] = []
    var current: [UInt8] = []
    /// The sectors that were written and not yet synchronized. A failed synchronization forgets them,
    /// as Linux does: what is in `current` is read, but no later synchronization writes it.
    var dirty: Set<Int> = []

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
      lengthen(to: offset + bytes.count)
      guard !bytes.isEmpty else { return }
      current.put(bytes, at: offset)
      for sector in offset / 512...(offset + bytes.count - 1) / 512 { dirty.insert(sector) }
    }

    func lengthen(to size: Int) {
      if current.count < size { current += [UInt8](repeating: 0, count: size - current.count) }
    }

    /// Makes these sectors, and the length, durable.
    func keep(_ sectors: some Sequence<Int>, length: Int) {
      if durable.count > length { durable.removeLast(durable.count - length) }
      durable += [UInt8](repeating: 0, count: length - durable.count)
      for sector in sectors where 512 * sector < length {
        let range = 512 * sector..<min(512 * sector + 512, current.count, length)
        current.withUnsafeBytes { durable.put($0[range], at: range.lowerBound) }
      }
    }

    /// Of a sector that was being written the beginning reached the disk, or the end.
    func tear(_ sector: Int, _ generator: inout some RandomNumberGenerator) {
      let start = 512 * sector
      let end = min(start + 512, current.count, durable.count)
      guard start < end else { return }
      let cut = Int.random(in: start...end, using: &generator)
      let range = Bool.random(using: &generator) ? start..<cut : cut..<end
      current.withUnsafeBytes { durable.put($0[range], at: range.lowerBound) }
    }
  }

  private enum Change {
    case link(String, Node)
    case unlink(String)
  }

  private var durableNames: [String: Node] = [:]
  private(set) var names: [String: Node] = [:]
  private var changes: [Change] = []
  private var directories: Set<String> = ["", "/"]

  /// Operations that change something, so far.
  private(set) var operations = 0
  /// The most bytes that were asked for at once.
  var largestRead = 0
  /// How many files are open.
  fileprivate(set) var openFiles = 0
  /// The number of the operation at which the machine stops; nothing works from then on.
  var stopsAt: Int?
  /// The number of the operation that fails, alone, with this error number.
  var fails: (at: Int, errno: Int32)?

  fileprivate func count(_ operation: String, _ path: String) throws(FileError) {
    operations += 1
    if let stopsAt, operations >= stopsAt {
      throw FileError(operation: operation, path: path, errno: 5, message: "the machine stopped")
    }
    if let fails, fails.at == operations {
      throw FileError(
        operation: operation, path: path, errno: fails.errno, message: "injected error")
    }
  }

  /// Goes on as after a power failure. What survives of the unsynchronized is drawn.
  func crash(_ generator: inout some RandomNumberGenerator) {
    let kept = Int.random(in: 0...4, using: &generator)
    for change in changes where Int.random(in: 0..<4, using: &generator) < kept {
      apply(change, to: &durableNames)
    }
    changes = []
    names = durableNames
    let keeps = Int.random(in: 0...4, using: &generator)
    for name in names.keys.sorted() {
      guard let node = names[name] else { continue }
      let sectors = node.dirty.sorted().filter { _ in
        Int.random(in: 0..<4, using: &generator) < keeps
      }
      let written = min(node.current.count, 512 * ((sectors.last ?? -1) + 1))
      let length = Bool.random(using: &generator) ? node.current.count : node.durable.count
      node.keep(sectors, length: max(length, written))
      let torn = node.dirty.subtracting(sectors).sorted().randomElement(using: &generator)
      if let torn, Bool.random(using: &generator) { node.tear(torn, &generator) }
      node.current = node.durable
      node.dirty = []
    }
    stopsAt = nil
    fails = nil
    operations = 0
  }

  private func apply(_ change: Change, to names: inout [String: Node]) {
    switch change {
    case .link(let path, let node): names[path] = node
    case .unlink(let path): names[path] = nil
    }
  }

  private func change(_ changes: [Change]) {
    for change in changes { apply(change, to: &names) }
    self.changes += changes
  }

  /// A copy that shares nothing, with the current content durable.
  func copy() -> FaultFileSystem {
    let copy = FaultFileSystem()
    copy.directories = directories
    for (name, node) in names {
      let new = Node()
      new.current = node.current
      new.durable = node.current
      copy.names[name] = new
      copy.durableNames[name] = new
    }
    return copy
  }

  /// Changes a byte on disk behind everybody's back.
  func flip(_ path: String, _ offset: Int, mask: UInt8 = 0x10) {
    names[path]?.current[offset] ^= mask
    names[path]?.durable[offset] ^= mask
  }

  func open(_ path: String, _ mode: FileOpenMode) throws(FileError) -> any File {
    if mode == .create {
      try count("open", path)
      let node = names[path] ?? Node()
      node.current = []
      if names[path] == nil { change([.link(path, node)]) }
      return FaultFile(path, node, self)
    }
    guard let node = names[path] else {
      throw FileError(operation: "open", path: path, errno: 2, message: "no such file")
    }
    return FaultFile(path, node, self)
  }

  func list(_ directory: String) throws(FileError) -> [String] {
    names.keys.filter { $0.hasPrefix(directory + "/") }
      .map { String($0.dropFirst(directory.count + 1)) }.sorted()
  }

  // Directories are durable at once: what is tested here are the files in them.
  func createDirectory(_ path: String) throws(FileError) { directories.insert(path) }

  func rename(_ source: String, to target: String) throws(FileError) {
    try count("rename", source)
    guard let node = names[source] else {
      throw FileError(operation: "rename", path: source, errno: 2, message: "no such file")
    }
    // Two steps: a file system without a journal may keep the first alone.
    change([.link(target, node), .unlink(source)])
  }

  func remove(_ path: String) throws(FileError) {
    guard names[path] != nil else {
      throw FileError(operation: "unlink", path: path, errno: 2, message: "no such file")
    }
    try count("unlink", path)
    change([.unlink(path)])
  }

  func synchronizeDirectory(_ path: String) throws(FileError) {
    try count("fsync", path)
    for change in changes { apply(change, to: &durableNames) }
    changes = []
  }
}

extension [UInt8] {
  /// Overwrites what is at `offset`. (`replaceSubrange` takes milliseconds in a debug build.)
  fileprivate mutating func put(_ bytes: Slice<UnsafeRawBufferPointer>, at offset: Int) {
    put(UnsafeRawBufferPointer(rebasing: bytes), at: offset)
  }

  fileprivate mutating func put(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
    withUnsafeMutableBytes {
      UnsafeMutableRawBufferPointer(rebasing: $0[offset..<offset + bytes.count])
        .copyMemory(from: bytes)
    }
  }
}

private final class FaultFile: File {
  let path: String
  private let node: FaultFileSystem.Node
  private let system: FaultFileSystem
  private var isOpen = true

  init(_ path: String, _ node: FaultFileSystem.Node, _ system: FaultFileSystem) {
    self.path = path
    self.node = node
    self.system = system
    system.openFiles += 1
  }

  deinit { shut() }

  private func shut() {
    if isOpen { system.openFiles -= 1 }
    isOpen = false
  }

  func size() throws(FileError) -> Int { node.current.count }

  func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(FileError) -> Int {
    system.largestRead = max(system.largestRead, buffer.count)
    let count = max(0, min(buffer.count, node.current.count - offset))
    guard count > 0 else { return 0 }
    node.current.withUnsafeBytes {
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + count]))
    }
    return count
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) {
    // A machine that stops in a write may have written any of it.
    defer { node.write(bytes, at: offset) }
    try system.count("pwrite", path)
  }

  func synchronize() throws(FileError) {
    defer { node.dirty = [] }
    try system.count("fdatasync", path)
    node.keep(node.dirty, length: node.current.count)
  }

  func preallocate(_ size: Int) throws(FileError) {
    try system.count("fallocate", path)
    node.lengthen(to: size)
  }

  func truncate(to size: Int) throws(FileError) {
    try system.count("ftruncate", path)
    node.lengthen(to: size)
    node.current.removeLast(node.current.count - size)
  }

  func close() throws(FileError) { shut() }
}
