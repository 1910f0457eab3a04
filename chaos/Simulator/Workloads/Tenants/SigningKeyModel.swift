/// Which keys there must be that have signed access tokens, and which must be gone.
struct SigningKeyModel {
  /// For how long a retired key is kept at least, in milliseconds.
  private static let retention: Int64 = 1_800_000

  /// By name, when another took its place.
  private var keys: [String: Int64?] = [:]

  var isEmpty: Bool { keys.isEmpty }

  func isThere(_ key: String) -> Bool { keys.keys.contains(key) }

  mutating func begin(with key: String) {
    if keys.isEmpty { keys[key] = .some(nil) }
  }

  /// - Parameter revokes: Whether all others are worth nothing from now on.
  mutating func rotate(to key: String, revokes: Bool, at clock: Int64) {
    if revokes { keys = [:] }
    for (name, retired) in keys where retired == nil { keys[name] = clock }
    keys[key] = .some(nil)
  }

  /// Takes over which of the retired keys were forgotten when the house was kept.
  ///
  /// - Returns: What is wrong with those that are left.
  mutating func found(_ found: [String], at clock: Int64) -> String? {
    if let stranger = found.first(where: { !isThere($0) }) { return "\(stranger) is back" }
    for name in keys.keys.sorted() where !found.contains(name) {
      guard let retired = keys.removeValue(forKey: name) ?? nil, retired + Self.retention <= clock
      else { return "\(name) is gone, and tokens that it signed may still hold" }
    }
    return nil
  }
}
