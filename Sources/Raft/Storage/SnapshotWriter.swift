/// A snapshot being written. Nothing is visible before `finish()`.
public final class SnapshotWriter {
  private let store: SnapshotStore
  private let metadata: SnapshotMetadata
  private let file: any File
  private var size = 0
  private var contentSize = 0
  private var check: UInt32 = 0
  private var failure: FileError?

  init(
    store: SnapshotStore, file: any File, _ metadata: SnapshotMetadata
  ) throws(FileError) {
    self.store = store
    self.file = file
    self.metadata = metadata
    try write(SnapshotFile.head(metadata))
  }

  /// Adds to the content. An error is final.
  public func append(_ bytes: [UInt8]) throws(StorageError) {
    try writing { () throws(FileError) in
      try write(bytes)
      contentSize += bytes.count
    }
  }

  /// Makes the snapshot durable and publishes it. Nothing else may be called after.
  public func finish() throws(StorageError) {
    try writing { () throws(FileError) in
      try write(SnapshotFile.trailer(contentSize: contentSize, check: check))
      try file.synchronize()
      try file.close()
      try store.publish(file.path, metadata)
    }
  }

  /// Throws away what was written. Nothing else may be called after.
  public func cancel() {
    try? file.close()
    store.discard(file.path)
  }

  private func write(_ bytes: [UInt8]) throws(FileError) {
    try file.writeBytes(bytes, at: size)
    size += bytes.count
    check = bytes.withUnsafeBytes { crc32c(check, $0) }
  }

  private func writing(_ body: () throws(FileError) -> Void) throws(StorageError) {
    if let failure { throw .poisoned(by: failure) }
    do {
      try body()
    } catch {
      failure = error
      throw .file(error)
    }
  }
}
