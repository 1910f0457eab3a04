import Raft

/// One attempt of one operation of a client.
struct Ticket: Hashable {
  var client: Int
  var operation: Int
  var attempt: Int
}

/// What a member answers.
enum ClientAnswer {
  case written(RegisterResult)
  case value(UInt64)
  /// The operation certainly has no effect through this attempt.
  case refused
  /// The attempt may or may not take effect.
  case unknown
}

/// A client: one operation at a time, asked of any member, repeated until it is answered.
struct SimulatedClient {
  enum Operation {
    case write(RegisterCommand)
    case read(key: Int)

    var key: Int {
      switch self {
      case .write(let command): command.key
      case .read(let key): key
      }
    }
  }

  let number: Int
  /// Counts operations.
  var operations = 0
  /// Counts writes: what the state machine recognises repeated ones by.
  var writes: UInt64 = 0
  var current: Operation?
  var attempt = 0
  /// The member that was asked last.
  var member = 0
  /// The newest write that was known when the operation began.
  var floor = LogIndex.zero

  var ticket: Ticket { Ticket(client: number, operation: operations, attempt: attempt) }
}
