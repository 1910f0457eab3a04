import Raft

/// The version of this build.
enum Version {
  static let current = "0.1.0"

  /// What this version understands of commands. To be raised by one, and never lowered, when commands are
  /// taken otherwise than before, or when there are new ones; the state machine may do so only from the
  /// entry on at which the cluster's level has risen (docs/consensus.md).
  static let featureLevel = FeatureLevel(rawValue: 1)
}
