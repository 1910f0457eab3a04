#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension CountAttempt {
  init?(_ wire: PBCountAttempt) {
    let network = AttemptSubject(wire.network)
    guard network != nil || wire.network.isEmpty, let attempt = Attempt(wire) else { return nil }
    self.init(attempt, from: network)
  }

  var wire: PBCountAttempt {
    var wire = PBCountAttempt()
    wire.kind = attempt.wire
    if case .password(let account) = attempt { wire.account = Data(account.bytes) }
    if let network { wire.network = Data(network.bytes) }
    return wire
  }
}

extension Attempt {
  fileprivate init?(_ wire: PBCountAttempt) {
    switch wire.kind {
    case .password:
      guard let account = AttemptSubject(wire.account) else { return nil }
      self = .password(of: account)
    case .registration: self = .registration
    case .resetRequest: self = .resetRequest
    case .resetConfirmation: self = .resetConfirmation
    case .acceptance: self = .acceptance
    case .refresh: self = .refresh
    case .UNRECOGNIZED: return nil
    }
  }

  fileprivate var wire: PBCountAttempt.Kind {
    switch self {
    case .password: .password
    case .registration: .registration
    case .resetRequest: .resetRequest
    case .resetConfirmation: .resetConfirmation
    case .acceptance: .acceptance
    case .refresh: .refresh
    }
  }
}
