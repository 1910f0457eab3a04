/// A property that a run did not keep.
public struct Violation: Error, Hashable, Sendable, Codable, CustomStringConvertible {
  /// What is promised.
  public enum Property: String, Sendable, Codable, CaseIterable {
    case electionSafety = "at most one leader per term"
    case voteOnce = "at most one vote per member and term"
    case disruption = "nobody begins a term that it could not win, unless its leader tells it to"
    case logMatching = "equal positions mean equal logs"
    case leaderCompleteness = "a leader holds all that is committed"
    case membership = "the membership changes by the rules and as asked for"
    case commitQuorum = "what a leader commits, a majority of its voters holds durably"
    case committedEntries = "committed entries never change"
    case applyOrder = "entries are applied in order, each once"
    case stateMachineSafety = "state machines agree at equal index"
    case durability = "what a member promised is durable, and is there after a restart"
    case quarantine = "a member that lost entries says so, and votes again once it holds them"
    case recovery = "a member recovers from what a crash leaves"
    case acknowledgedWrites = "acknowledged writes are committed and applied once"
    case quota = "no workspace uses more than its limits, and none is refused what it has"
    case sessions = "who may act, with what and for how long is as the rules say"
    case revocation = "what was taken away admits nobody from the acknowledgement on"
    case linearizability = "reads and writes are linearizable"
    case history = "the client history can be judged"
    case leases = "who answers reads by a lease rules alone"
    case codec = "messages survive encoding"
    case storage = "storage fails only when the disk does"
    case transfers = "what has come of a snapshot gives way to a newer one or leader only"
    case bounds = "what is kept and what is sent stay within their bounds"
    case liveness = "once faults stop the cluster serves and converges"
    case crash = "the program does not crash"
  }

  /// What was broken.
  public var property: Property
  /// How: who, where, what was expected and what was found.
  public var details: String
  /// When, in simulated microseconds.
  public var time: Int

  /// Makes a violation.
  public init(property: Property, details: String, time: Int) {
    self.property = property
    self.details = details
    self.time = time
  }

  /// The property, the time and the details.
  public var description: String {
    "broken: \(property.rawValue), at \(Trace.format(time)) s: \(details)"
  }
}
