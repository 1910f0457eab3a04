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
public struct IdentityFile {
  /// The file `identity` in `directory`, which must exist.
  public init(fileSystem: any FileSystem, directory: String) { fatalError("being written") }
  /// What the file holds; nil when there is no file. Damage throws.
  public func load() throws(StorageError) -> Identity? { fatalError("being written") }
  /// Durably replaces the file.
  public func save(_ identity: Identity) throws(StorageError) { fatalError("being written") }
}
