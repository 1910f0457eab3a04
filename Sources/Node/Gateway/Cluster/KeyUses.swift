import CloudState
import Synchronization

/// When API keys were used on this node, until the cluster has been told. Of a key the latest use counts, and
/// of keys only so many are remembered: the rest is noted at a later use.
final class KeyUses: Sendable {
  private let uses = Mutex<[APIKeyID: Timestamp]>([:])

  func note(_ caller: Caller, at now: Timestamp) {
    guard case .apiKey(let key, _) = caller else { return }
    // What the state says is told again only when it has become wrong by a minute.
    if let known = key.lastUsedAt, now < known.adding(milliseconds: 60_000) { return }
    uses.withLock { uses in
      guard uses[key.id] != nil || uses.count < StateLimits.keyUsesAtOnce else { return }
      uses[key.id] = now
    }
  }

  /// Takes out what was noted, in the order of the keys.
  func take() -> [NoteKeyUse.Use] {
    let taken = uses.withLock { uses in
      let taken = uses
      uses = [:]
      return taken
    }
    return taken.sorted { $0.key.rawValue < $1.key.rawValue }.map {
      .init(id: $0.key, at: $0.value)
    }
  }
}
