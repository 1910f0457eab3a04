import CloudState
import Raft

/// What a read asks: the usage of a workspace in the state's month, and whether somebody would be let in.
struct TenantQuestion {
  var workspace: WorkspaceID
  /// A session or an API key.
  var credential: String?

  var bytes: [UInt8] { Array("\(workspace.rawValue)\n\(credential ?? "")".utf8) }

  init(workspace: WorkspaceID, credential: String? = nil) {
    self.workspace = workspace
    self.credential = credential
  }

  init(_ bytes: [UInt8]) {
    let parts = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
    workspace = WorkspaceID(rawValue: parts[0])
    credential = parts.count > 1 && !parts[1].isEmpty ? parts[1] : nil
  }
}

/// What a read gives, and which state that was.
struct TenantReading {
  var mark: StateMark
  var month: Int64
  var used: Int64
  var reserved: Int64
  var isAdmitted: Bool

  var bytes: [UInt8] {
    let words = [
      mark.applied.index.rawValue, mark.applied.term.rawValue, mark.digest, UInt64(month),
      UInt64(used), UInt64(reserved), isAdmitted ? 1 : 0,
    ]
    return words.flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } }
  }

  init(of question: TenantQuestion, in view: borrowing StateView) throws {
    mark = StateMark(view.position)
    let present = Month(containing: view.position.clock)
    month = present.ordinal
    let usage = try view.rowUsage(of: question.workspace, in: present)
    (used, reserved) = (usage?.used ?? 0, usage?.reserved ?? 0)
    isAdmitted = try question.credential.map { try view.admits($0) } ?? false
  }

  init?(_ bytes: [UInt8]) {
    guard bytes.count == 56 else { return nil }
    let words = (0..<7).map { UInt64(littleEndianBytes: bytes[8 * $0..<8 * $0 + 8]) }
    mark = StateMark(
      applied: LogPosition(index: LogIndex(words[0]), term: Term(words[1])), digest: words[2])
    (month, used, reserved) = (Int64(words[3]), Int64(words[4]), Int64(words[5]))
    isAdmitted = words[6] == 1
  }
}

extension StateView {
  /// Whether a node would let in whoever shows this, if it is genuine.
  fileprivate func admits(_ credential: String) throws -> Bool {
    let session = SessionID(rawValue: credential)
    guard !session.isWellFormed else {
      return try self.session(session)?.isActive(at: position.clock) ?? false
    }
    guard let key = try apiKey(APIKeyID(rawValue: credential)), key.isActive(at: position.clock)
    else { return false }
    return try membership(key.workspaceID, key.userID) != nil
      && workspace(key.workspaceID) != nil
  }
}
