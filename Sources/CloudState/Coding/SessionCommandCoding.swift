#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension NewSession {
  init(_ wire: PBNewSession) {
    self.init(id: SessionID(rawValue: wire.id), key: [UInt8](wire.key))
  }

  var wire: PBNewSession {
    var wire = PBNewSession()
    wire.id = id.rawValue
    wire.key = Data(key)
    return wire
  }
}

extension OpenSession {
  init?(_ wire: PBOpenSession) {
    let network = AttemptSubject(wire.network)
    guard network != nil || wire.network.isEmpty else { return nil }
    self.init(
      userID: UserID(rawValue: wire.userID), session: NewSession(wire.session),
      passwordHash: wire.passwordHash, network: network)
  }

  var wire: PBOpenSession {
    var wire = PBOpenSession()
    wire.userID = userID.rawValue
    wire.session = session.wire
    wire.passwordHash = passwordHash
    if let network { wire.network = Data(network.bytes) }
    return wire
  }
}

extension RefreshSession {
  init(_ wire: PBRefreshSession) {
    self.init(id: SessionID(rawValue: wire.id), generation: wire.generation)
  }

  var wire: PBRefreshSession {
    var wire = PBRefreshSession()
    wire.id = id.rawValue
    wire.generation = generation
    return wire
  }
}

extension CloseSession {
  init(_ wire: PBCloseSession) {
    self.init(id: SessionID(rawValue: wire.id), everywhere: wire.everywhere)
  }

  var wire: PBCloseSession {
    var wire = PBCloseSession()
    wire.id = id.rawValue
    wire.everywhere = everywhere
    return wire
  }
}

extension Session {
  init(_ wire: PBSession) {
    id = SessionID(rawValue: wire.id)
    userID = UserID(rawValue: wire.userID)
    generation = wire.generation
    createdAt = Timestamp(milliseconds: wire.createdAtMs)
    refreshedAt = Timestamp(milliseconds: wire.refreshedAtMs)
    expiresAt = Timestamp(milliseconds: wire.expiresAtMs)
  }

  var wire: PBSession {
    var wire = PBSession()
    wire.id = id.rawValue
    wire.userID = userID.rawValue
    wire.generation = generation
    wire.createdAtMs = createdAt.milliseconds
    wire.refreshedAtMs = refreshedAt.milliseconds
    wire.expiresAtMs = expiresAt.milliseconds
    return wire
  }
}
