import Raft

/// A member's state machine, as the simulation uses it.
protocol SimulatedMachine: StateMachine {
  /// Where it stands, for comparison with others and with the ledger.
  var mark: StateMark { get throws }

  /// The command that a member proposes for a request. `wallClock` is the member's, in milliseconds.
  func command(for request: [UInt8], at wallClock: Int64) throws -> [UInt8]

  /// Answers a read from the state as it is.
  func answer(_ question: [UInt8]) throws -> [UInt8]
}

/// A position and a digest of the state there.
struct StateMark: Hashable {
  var applied: LogPosition
  var digest: UInt64
}

/// What a member's state machine leaves behind when its process ends: committed transactions in the
/// system's page cache. Gone when the power fails.
protocol MemberDatabase: AnyObject {
  /// Whether the machine opened last goes on from a state that survived.
  var survives: Bool { get }

  /// The state machine of a new process.
  ///
  /// - Throws: `Finding`, if what survived can't be what a process left.
  func open() throws -> any SimulatedMachine

  /// The process will stop within the write after so many, as `isStopped` then tells.
  func armCrash(after writes: Int)
  func disarmCrash()
  var isStopped: Bool { get }

  /// The process ends; what it had open is of no more use.
  func loseProcess(_ random: inout RandomSource)
  func losePower()

  /// The member empties it, because it does not fit its log.
  func erase()
}
