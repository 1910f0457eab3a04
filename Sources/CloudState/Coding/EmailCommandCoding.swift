#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension RequestEmailVerification {
  init?(_ wire: PBRequestEmailVerification) {
    guard let hash = SecretHash(wire.tokenHash) else { return nil }
    self.init(tokenHash: hash)
  }

  var wire: PBRequestEmailVerification {
    var wire = PBRequestEmailVerification()
    wire.tokenHash = Data(tokenHash.bytes)
    return wire
  }
}

extension VerifyEmail {
  init?(_ wire: PBVerifyEmail) {
    guard let hash = SecretHash(wire.tokenHash) else { return nil }
    self.init(tokenHash: hash)
  }

  var wire: PBVerifyEmail {
    var wire = PBVerifyEmail()
    wire.tokenHash = Data(tokenHash.bytes)
    return wire
  }
}

extension EmailVerification {
  init(_ wire: PBEmailVerification) {
    userID = UserID(rawValue: wire.userID)
    email = wire.email
    expiresAt = Timestamp(milliseconds: wire.expiresAtMs)
  }

  var wire: PBEmailVerification {
    var wire = PBEmailVerification()
    wire.userID = userID.rawValue
    wire.email = email
    wire.expiresAtMs = expiresAt.milliseconds
    return wire
  }
}
