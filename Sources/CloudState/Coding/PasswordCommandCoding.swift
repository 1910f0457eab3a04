#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension ChangePassword {
  init(_ wire: PBChangePassword) {
    self.init(current: wire.current, new: wire.new)
  }

  var wire: PBChangePassword {
    var wire = PBChangePassword()
    wire.current = current
    wire.new = new
    return wire
  }
}

extension UpgradePasswordHash {
  init(_ wire: PBUpgradePasswordHash) {
    self.init(userID: UserID(rawValue: wire.userID), current: wire.current, new: wire.new)
  }

  var wire: PBUpgradePasswordHash {
    var wire = PBUpgradePasswordHash()
    wire.userID = userID.rawValue
    wire.current = current
    wire.new = new
    return wire
  }
}

extension RequestPasswordReset {
  init?(_ wire: PBRequestPasswordReset) {
    guard let hash = SecretHash(wire.tokenHash) else { return nil }
    switch wire.subject {
    case .email(let email): self.init(subject: .email(email), tokenHash: hash)
    case .userID(let id): self.init(subject: .user(UserID(rawValue: id)), tokenHash: hash)
    case nil: return nil
    }
  }

  var wire: PBRequestPasswordReset {
    var wire = PBRequestPasswordReset()
    switch subject {
    case .email(let email): wire.email = email
    case .user(let id): wire.userID = id.rawValue
    }
    wire.tokenHash = Data(tokenHash.bytes)
    return wire
  }
}

extension ResetPassword {
  init?(_ wire: PBResetPassword) {
    let network = AttemptSubject(wire.network)
    guard let hash = SecretHash(wire.tokenHash), network != nil || wire.network.isEmpty else {
      return nil
    }
    self.init(tokenHash: hash, passwordHash: wire.passwordHash, network: network)
  }

  var wire: PBResetPassword {
    var wire = PBResetPassword()
    wire.tokenHash = Data(tokenHash.bytes)
    wire.passwordHash = passwordHash
    if let network { wire.network = Data(network.bytes) }
    return wire
  }
}

extension PasswordReset {
  init(_ wire: PBPasswordReset) {
    userID = UserID(rawValue: wire.userID)
    email = wire.email
    expiresAt = Timestamp(milliseconds: wire.expiresAtMs)
  }

  var wire: PBPasswordReset {
    var wire = PBPasswordReset()
    wire.userID = userID.rawValue
    wire.email = email
    wire.expiresAtMs = expiresAt.milliseconds
    return wire
  }
}

extension RotateSigningKey {
  init(_ wire: PBRotateSigningKey) {
    self.init(
      id: wire.id, privateKey: [UInt8](wire.privateKey),
      revokesPrevious: wire.revokesPrevious)
  }

  var wire: PBRotateSigningKey {
    var wire = PBRotateSigningKey()
    wire.id = id
    wire.privateKey = Data(privateKey)
    wire.revokesPrevious = revokesPrevious
    return wire
  }
}
