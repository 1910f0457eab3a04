#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension CreateAPIKey {
  init?(_ wire: PBCreateAPIKey) {
    guard let hash = SecretHash(wire.secretHash) else { return nil }
    self.init(
      id: APIKeyID(rawValue: wire.id), workspaceID: WorkspaceID(rawValue: wire.workspaceID),
      userID: UserID(rawValue: wire.userID), name: wire.name,
      scopes: Scopes(rawValue: wire.scopes), secretHash: hash,
      expiresAt: wire.hasExpiresAtMs ? Timestamp(milliseconds: wire.expiresAtMs) : nil)
  }

  var wire: PBCreateAPIKey {
    var wire = PBCreateAPIKey()
    wire.id = id.rawValue
    wire.workspaceID = workspaceID.rawValue
    wire.userID = userID.rawValue
    wire.name = name
    wire.scopes = scopes.rawValue
    wire.secretHash = Data(secretHash.bytes)
    if let expiresAt { wire.expiresAtMs = expiresAt.milliseconds }
    return wire
  }
}

extension RevokeAPIKey {
  init(_ wire: PBRevokeAPIKey) {
    self.init(
      workspaceID: WorkspaceID(rawValue: wire.workspaceID), id: APIKeyID(rawValue: wire.id))
  }

  var wire: PBRevokeAPIKey {
    var wire = PBRevokeAPIKey()
    wire.workspaceID = workspaceID.rawValue
    wire.id = id.rawValue
    return wire
  }
}

extension RotateAPIKey {
  init?(_ wire: PBRotateAPIKey) {
    guard let hash = SecretHash(wire.secretHash) else { return nil }
    self.init(
      workspaceID: WorkspaceID(rawValue: wire.workspaceID), id: APIKeyID(rawValue: wire.id),
      newID: APIKeyID(rawValue: wire.newID), secretHash: hash, overlap: wire.overlapMs)
  }

  var wire: PBRotateAPIKey {
    var wire = PBRotateAPIKey()
    wire.workspaceID = workspaceID.rawValue
    wire.id = id.rawValue
    wire.newID = newID.rawValue
    wire.secretHash = Data(secretHash.bytes)
    wire.overlapMs = overlap
    return wire
  }
}

extension NoteKeyUse {
  init(_ wire: PBNoteKeyUse) {
    self.init(
      uses: wire.uses.map {
        Use(id: APIKeyID(rawValue: $0.id), at: Timestamp(milliseconds: $0.atMs))
      })
  }

  var wire: PBNoteKeyUse {
    var wire = PBNoteKeyUse()
    wire.uses = uses.map { use in
      var wire = PBNoteKeyUse.Use()
      wire.id = use.id.rawValue
      wire.atMs = use.at.milliseconds
      return wire
    }
    return wire
  }
}
