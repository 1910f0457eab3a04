#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension InitializeCluster {
  init(_ wire: PBInitializeCluster) {
    self.init(
      clusterID: wire.clusterID, signingKeyID: wire.signingKeyID,
      signingPrivateKey: [UInt8](wire.signingPrivateKey), secret: [UInt8](wire.secret))
  }

  var wire: PBInitializeCluster {
    var wire = PBInitializeCluster()
    wire.clusterID = clusterID
    wire.signingKeyID = signingKeyID
    wire.signingPrivateKey = Data(signingPrivateKey)
    wire.secret = Data(secret)
    return wire
  }
}

extension RegisterAdminToken {
  init?(_ wire: PBRegisterAdminToken) {
    guard let hash = SecretHash(wire.tokenHash) else { return nil }
    self.init(memberName: wire.memberName, memberID: wire.memberID, tokenHash: hash)
  }

  var wire: PBRegisterAdminToken {
    var wire = PBRegisterAdminToken()
    wire.memberName = memberName
    wire.memberID = memberID
    wire.tokenHash = Data(tokenHash.bytes)
    return wire
  }
}

extension KeepHouse {
  init(_ wire: PBKeepHouse) {
    self.init(limit: wire.limit)
  }

  var wire: PBKeepHouse {
    var wire = PBKeepHouse()
    wire.limit = limit
    return wire
  }
}
