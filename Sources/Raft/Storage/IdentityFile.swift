/// Who a data directory belongs to.
public struct Identity: Hashable, Sendable {
  /// The member.
  public var member: MemberID
  /// The cluster; nil until the member has joined one.
  public var cluster: UInt64?
  /// The configuration that the cluster was started with, on members that started it.
  public var initialConfiguration: Configuration?
  /// Makes an identity.
  public init(
    member: MemberID, cluster: UInt64? = nil, initialConfiguration: Configuration? = nil
  ) {
    self.member = member
    self.cluster = cluster
    self.initialConfiguration = initialConfiguration
  }
}

/// The file that holds an identity. Replaced in one step, checksummed, never made anew by itself.
///
///     magic   8 bytes  "CLEANIDY"
///     version u32      1
///     check   u32      CRC32C of all but itself
///     Identity, by raft.proto
public struct IdentityFile {
  private static let magic: UInt64 = 0x5944_494E_4145_4C43
  private static let version: UInt32 = 1
  private static let headerSize = 16

  private let fileSystem: any FileSystem
  private let directory: String
  private var path: String { directory + "/identity" }

  /// The file `identity` in `directory`, which must exist.
  public init(fileSystem: any FileSystem, directory: String) {
    self.fileSystem = fileSystem
    self.directory = directory
  }

  /// What the file holds; nil when there is no file. Damage throws.
  public func load() throws(StorageError) -> Identity? {
    let file: any File
    do {
      file = try fileSystem.open(path, .read)
    } catch {
      if error.isNotFound { return nil }
      throw .file(error)
    }
    let size = try storing { () throws(FileError) in try file.size() }
    let bytes = try file.readBytes(at: 0, count: size)
    func damaged(_ offset: Int, _ reason: String) -> StorageError {
      .damaged(file: path, offset: offset, reason: reason)
    }
    guard bytes.count >= Self.headerSize else { throw damaged(0, "the file is cut short") }
    let header = bytes.withUnsafeBytes {
      (
        magic: $0.number(at: 0, as: UInt64.self), version: $0.number(at: 8, as: UInt32.self),
        check: $0.number(at: 12, as: UInt32.self),
        computed: Self.check($0)
      )
    }
    guard header.magic == Self.magic else { throw damaged(0, "it is no identity file") }
    guard header.check == header.computed else { throw damaged(12, "the checksum does not fit") }
    guard header.version == Self.version else {
      throw .unknownVersion(file: path, version: header.version)
    }
    do {
      return try WireCodec.value(of: Array(bytes[Self.headerSize...]))
    } catch {
      throw damaged(Self.headerSize, "\(error)")
    }
  }

  private static func check(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    crc32c(crc32c(bytes.part(0..<12)), bytes.part(headerSize..<bytes.count))
  }

  /// Durably replaces the file.
  public func save(_ identity: Identity) throws(StorageError) {
    var bytes = [UInt8](repeating: 0, count: Self.headerSize) + WireCodec.bytes(of: identity)
    bytes.withUnsafeMutableBytes {
      $0.put(Self.magic, at: 0)
      $0.put(Self.version, at: 8)
      $0.put(Self.check(UnsafeRawBufferPointer($0)), at: 12)
    }
    try storing { () throws(FileError) in
      try fileSystem.replace(path, in: directory, with: bytes)
    }
  }
}

extension Identity: WireMessage {
  func write(to writer: inout WireWriter) {
    writer.fixed64(1, member.rawValue)
    if let cluster { writer.presentFixed64(2, cluster) }
    if let initialConfiguration { writer.message(3, initialConfiguration) }
  }

  init(from reader: inout WireReader) throws(WireError) {
    var member: UInt64 = 0
    var cluster: UInt64?
    var configuration: Configuration?
    while let field = try reader.nextField() {
      switch field {
      case 1: member = try reader.fixed64()
      case 2: cluster = try reader.fixed64()
      case 3: configuration = try reader.message()
      default: try reader.skip()
      }
    }
    self.init(
      member: try MemberID(required: member, "Identity.member"), cluster: cluster,
      initialConfiguration: configuration)
  }
}
