import History
import Raft

/// What clients ask of a cluster, which state machine answers, and what of the answers is checked.
///
/// The simulation knows clients, members, time and faults; a workload knows what the bytes mean that
/// pass between them. It sees every committed entry once, in order, and keeps what a flawless state
/// machine makes of them.
protocol Workload: AnyObject {
  /// What of its own it has counted.
  var coverage: Coverage { get }

  /// An empty database for a member.
  func makeDatabase(of member: Int) -> any MemberDatabase

  /// What a member's new process does by itself; nil if nothing.
  func makeOffice(of member: Int, process: Int) -> (any NodeOffice)?

  // MARK: Committed entries

  /// Digest of the flawless state after the last entry committed.
  var digest: UInt64 { get }

  /// The next entry is committed. Returns what is wrong with that, if something is.
  func commit(_ entry: Entry) -> Finding?

  // MARK: Clients

  /// A client begins its next operation. Calm clients make no reads: they write to see the cluster serve.
  func begin(_ client: Int, isCalm: Bool, _ random: inout RandomSource) -> ClientRequest

  /// What a member might answer before it knows the result: a sabotaged one does.
  func guess(_ request: ClientRequest, at index: LogIndex) -> [UInt8]

  /// For how long a member that has applied a command keeps the result to itself, by its own clock.
  func commitWait(after result: [UInt8]) -> Duration

  /// The client learned that its write gave `result` at `index`.
  func written(_ client: Int, _ result: [UInt8], at index: LogIndex) -> Finding?

  /// The client learned what it asked for.
  func read(_ client: Int, _ value: [UInt8]) -> Finding?

  // MARK: The history

  /// What the history of this workload is held against.
  var historyModel: ModelKind { get }

  /// The operation that a client has begun.
  func begun(_ client: Int) -> BegunOperation

  /// An answer to it: of a write its result and the index, of a read the value.
  func output(_ client: Int, _ answer: [UInt8], at index: LogIndex?) -> JSONValue

  // MARK: The end

  /// Faults have stopped and all members stand at the same index with equal digests. Nothing follows.
  ///
  /// - Parameters:
  ///   - machines: The members' state machines.
  ///   - offices: What their processes did by themselves, all of it finished.
  ///   - uptime: Milliseconds of a clock that nobody sets.
  func finish(
    _ machines: [any SimulatedMachine], _ offices: [any NodeOffice], uptime: Int64
  ) throws -> Finding?
}

/// What the clients of a run do, and with which state machine.
public enum WorkloadKind: String, CaseIterable, Sendable, Codable {
  /// Writes and reads of a few registers.
  case registers
  /// The tenants' service, with the state machine that nodes run.
  case tenants
}

/// What a client sends to a member.
struct ClientRequest {
  var isWrite: Bool
  /// Whether a read may be answered by the member alone, as long as that holds an authority lease.
  var isStale = false
  var bytes: [UInt8]
}

/// A property that was found broken. Thrown where a state machine finds it.
struct Finding: Error {
  var property: Violation.Property
  var details: String
}
