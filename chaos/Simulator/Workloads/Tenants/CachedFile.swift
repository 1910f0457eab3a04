import CSQLite

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
    if offset > bytes.count {
      bytes.append(contentsOf: repeatElement(0, count: offset - bytes.count))
    }
    let replaced = min(bytes.count - offset, source.count)
    bytes.withUnsafeMutableBytes {
      UnsafeMutableRawBufferPointer(rebasing: $0[offset..<offset + replaced])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[..<replaced]))
    }
    bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: source[replaced...]))
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
