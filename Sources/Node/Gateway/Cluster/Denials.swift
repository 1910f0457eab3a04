import CloudState
import Synchronization

/// Calls of known callers that this node refused by its own check, or attempts that failed, until the cluster
/// has been told.
///
/// What the state itself refuses it writes down itself. Here nothing is proposed, and whoever calls in vain
/// must neither slow the cluster down nor fill its log: calls of one caller to one operation in one workspace
/// are told of once when they begin, and once more, with their number, when the hour is over. In an hour a
/// workspace, and a caller about what is none of theirs, have up to ``perPlace`` kinds, and all together
/// ``inAll``; more are only counted. Of attempts those from one network are of a kind, and an account that is
/// tried has its share, or the network that tries what nobody has.
final class Denials: Sendable {
  static let perPlace = 16

  /// Kinds an hour.
  let inAll: Int
  /// How many are told at a time.
  private let atOnce: Int

  private init(inAll: Int, atOnce: Int) {
    self.inAll = inAll
    self.atOnce = atOnce
  }

  /// Of calls.
  static func ofCalls() -> Denials { Denials(inAll: 4_096, atOnce: StateLimits.denialsAtOnce) }

  /// Of attempts, which have a bound of their own: strangers must not keep the others from being told.
  static func ofAttempts() -> Denials {
    Denials(
      inAll: 1_024, atOnce: StateLimits.denialsAtOnce / (1 + StateLimits.toldWorkspaces))
  }

  /// In milliseconds.
  static let hour: Int64 = 3_600_000

  private struct Kind: Hashable {
    var place: Place
    var actor: Actor
    var action: String
    var network: String
  }

  /// Whose share of the log it takes.
  private enum Place: Hashable {
    case workspace(WorkspaceID)
    case caller(Actor)
    case account(UserID)
    case network(String)

    init(_ denial: Denial, from network: String) {
      if let id = denial.workspaceID {
        self = .workspace(id)
      } else if network.isEmpty {
        self = .caller(denial.actor)
      } else {
        self = denial.userID.map(Place.account) ?? .network(network)
      }
    }
  }

  private struct State {
    /// When the hour is over; nothing before the first call.
    var end: Timestamp?
    /// What was noted in it; those told of and not repeated have zero times.
    var denials: [Kind: Denial] = [:]
    /// The order in which they came.
    var kinds: [Kind] = []
    /// How many of these were told of.
    var told = 0
    var places: [Place: Int] = [:]
    var passedOver = 0
    /// What is to be told now, and was not taken yet.
    var due: [Denial] = []

    /// Finds what is to be told now, in the order in which it began: what is new, and when the hour is over
    /// everything.
    ///
    /// - Returns: How many calls were passed over, when the hour is over.
    mutating func collect(isOver: Bool) -> Int {
      let fresh = kinds.dropFirst(told)
      let chosen = isOver ? kinds[...] : fresh
      due = chosen.compactMap { denials[$0] }.filter { $0.times > 0 }
      guard isOver else {
        for kind in fresh { denials[kind]?.times = 0 }
        told = kinds.count
        return 0
      }
      let passedOver = passedOver
      let due = due
      self = State()
      self.due = due
      return passedOver
    }
  }

  private let state = Mutex(State())

  /// - Parameter network: Of an attempt, where it came from.
  func note(_ denial: Denial, from network: String = "") {
    let place = Place(denial, from: network)
    let kind = Kind(place: place, actor: denial.actor, action: denial.action, network: network)
    state.withLock { state in
      state.end = state.end ?? denial.at.adding(milliseconds: Self.hour)
      if state.denials[kind] != nil {
        state.denials[kind]?.times += 1
      } else if state.kinds.count < inAll, state.places[place, default: 0] < Self.perPlace {
        state.denials[kind] = denial
        state.kinds.append(kind)
        state.places[place, default: 0] += 1
      } else {
        state.passedOver += 1
      }
    }
  }

  /// Takes out some of what is to be told now; nothing when all of it was taken.
  ///
  /// - Parameter isLast: Whether there will be no other time.
  /// - Returns: Also how many calls were passed over, when the hour is over.
  func take(at now: Timestamp, isLast: Bool = false) -> (denials: [Denial], passedOver: Int) {
    state.withLock { state in
      var passedOver = 0
      if state.due.isEmpty {
        let isOver = isLast || state.end.map { $0 <= now } ?? false
        passedOver = state.collect(isOver: isOver)
      }
      let taken = Array(state.due.prefix(atOnce))
      state.due.removeFirst(taken.count)
      return (taken, passedOver)
    }
  }
}
