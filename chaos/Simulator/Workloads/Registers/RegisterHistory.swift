import History
import Raft

/// What is written down of the registers' clients.
extension RegisterWorkload {
  /// A write is answered with its index in the log, which grows with each write.
  var historyModel: ModelKind { .versionedRegister }

  func begun(_ client: Int) -> BegunOperation {
    switch clients[client].operation {
    case .write(let command)?:
      BegunOperation(
        name: "write", key: .integer(Int64(command.key)), input: .integer(Int64(command.value)))
    case .read(let key)?:
      BegunOperation(name: "read", key: .integer(Int64(key)), input: .null)
    case nil: preconditionFailure("a client that has begun has an operation")
    }
  }

  /// A register holds 0 before the first write.
  func output(_ client: Int, _ answer: [UInt8], at index: LogIndex?) -> JSONValue {
    guard index == nil else {
      let effect = RegisterResult(answer)?.effectIndex
      return effect.map { .integer(Int64(clamping: $0.rawValue)) } ?? .null
    }
    let value = UInt64(littleEndianBytes: answer[...])
    return value == 0 ? .null : .integer(Int64(clamping: value))
  }
}
