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

/// The file that holds an identity.
public struct IdentityFile {
  private let file: CheckedFile<Identity>

  /// The file `identity` in `directory`, which must exist.
  public init(fileSystem: any FileSystem, directory: String) {
    file = CheckedFile(
      fileSystem: fileSystem, directory: directory, name: "identity",
      magic: 0x5944_494E_4145_4C43)  // "CLEANIDY"
  }

  /// What the file holds; nil when there is no file. Damage throws.
  public func load() throws(StorageError) -> Identity? {
    do {
      return try file.load()
    } catch .damaged(let path, let offset, let reason) {
      throw .damaged(file: path, offset: offset, reason: "\(reason). \(StorageError.advice)")
    }
  }

  /// Durably replaces the file.
  public func save(_ identity: Identity) throws(StorageError) {
    try storing { () throws(FileError) in try file.save(identity) }
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
