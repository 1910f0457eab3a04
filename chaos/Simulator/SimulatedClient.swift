import Raft

/// One attempt of one operation of a client.
struct Ticket: Hashable {
  var client: Int
  var operation: Int
  var attempt: Int
}

/// What a member answers.
enum ClientAnswer {
  /// The command of a write was applied there, with this result.
  case written([UInt8], at: LogIndex)
  case value([UInt8])
  /// The operation certainly has no effect through this attempt.
  case refused
  /// The attempt may or may not take effect.
  case unknown
}

/// A client: one operation at a time, asked of any member, repeated until it is answered.
struct SimulatedClient {
  let number: Int
  /// Counts operations.
  var operations = 0
  var current: ClientRequest?
  var attempt = 0
  /// The member that was asked last.
  var member = 0

  var ticket: Ticket { Ticket(client: number, operation: operations, attempt: attempt) }
}
