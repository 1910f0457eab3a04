/// The file `quarantine` beside the log's segments: there from before anything damaged is dropped
/// until the member is whole again.
struct QuarantineFile {
  private let file: CheckedFile<Quarantine>

  init(fileSystem: any FileSystem, directory: String) {
    file = CheckedFile(
      fileSystem: fileSystem, directory: directory, name: "quarantine",
      magic: 0x5452_514E_4145_4C43)  // "CLEANQRT"
  }

  /// The quarantine in force. A file that can't be read was there for a reason: then its own damage
  /// is the reason given.
  func load() throws(StorageError) -> Quarantine? {
    do {
      return try file.load()
    } catch .damaged(let path, let offset, let reason) {
      return Quarantine(file: path, offset: offset, reason: reason)
    }
  }

  /// Durably replaces the file.
  func save(_ quarantine: Quarantine) throws(FileError) { try file.save(quarantine) }

  /// Durably removes the file.
  func remove() throws(FileError) { try file.remove() }
}

extension Quarantine: WireMessage {
  func write(to writer: inout WireWriter) {
    writer.string(1, file)
    writer.uint64(2, UInt64(offset))
    writer.string(3, reason)
  }

  init(from reader: inout WireReader) throws(WireError) {
    self.init(file: "", offset: 0, reason: "")
    while let field = try reader.nextField() {
      switch field {
      case 1: file = try reader.string()
      case 2: offset = Int(try reader.offset())
      case 3: reason = try reader.string()
      default: try reader.skip()
      }
    }
  }
}
