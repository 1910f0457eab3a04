extension Message: WireMessage {
  func write(to writer: inout WireWriter) {
    writer.fixed64(1, from.rawValue)
    writer.fixed64(2, to.rawValue)
    writer.uint64(3, term.rawValue)
    switch body {
    case .preVote(let last):
      writer.message(4) { $0.message(1, last) }
    case .preVoteReply(let granted):
      writer.message(5) { $0.bool(1, granted) }
    case .vote(let last, let transfer):
      writer.message(6) {
        $0.message(1, last)
        $0.bool(2, transfer)
      }
    case .voteReply(let granted):
      writer.message(7) { $0.bool(1, granted) }
    case .append(let append):
      writer.message(8, append)
    case .appendReply(.accepted(let match)):
      writer.message(9) { $0.uint64(1, match.rawValue) }
    case .appendReply(.rejected(let previous, let hint)):
      writer.message(10) {
        $0.uint64(1, previous.rawValue)
        $0.message(2, hint)
      }
    case .heartbeat(let commit, let round):
      writer.message(11) {
        $0.uint64(1, commit.rawValue)
        $0.uint64(2, round)
      }
    case .heartbeatReply(let round, let level):
      writer.message(12) {
        $0.uint64(1, round)
        $0.featureLevel(2, level)
      }
    case .snapshotChunk(let chunk):
      writer.message(13, chunk)
    case .snapshotReply(let position, let received):
      writer.message(14) {
        $0.message(1, position)
        $0.uint64(2, received)
      }
    case .timeoutNow:
      writer.message(15) { _ in }
    case .propose(let id, let payload):
      writer.message(16) {
        $0.message(1, id)
        $0.bytes(2, payload)
      }
    case .proposalRefused(let id, let reason):
      writer.message(17) {
        $0.message(1, id)
        $0.uint64(2, UInt64(reason.rawValue))
      }
    case .readIndex(let batch):
      writer.message(18) { $0.uint64(1, batch) }
    case .readIndexReply(let batch, let index):
      writer.message(19) {
        $0.uint64(1, batch)
        if let index { $0.presentUInt64(2, index.rawValue) }
      }
    case .proposeChange(let id, let change, let seen):
      writer.message(20) {
        $0.message(1, id)
        $0.message(2, change)
        $0.uint64(3, seen.rawValue)
      }
    case .changeRefused(let id, let refusal):
      writer.message(21) {
        $0.message(1, id)
        $0.message(2, refusal)
      }
    case .heal(let nonce, let last):
      writer.message(22) {
        $0.fixed64(1, nonce)
        $0.message(2, last)
      }
    case .healReply(let nonce, let last):
      writer.message(23) {
        $0.fixed64(1, nonce)
        $0.uint64(2, last.rawValue)
      }
    }
  }

  init(from reader: inout WireReader) throws(WireError) {
    var from: UInt64 = 0
    var to: UInt64 = 0
    var term = Term.zero
    var body: Body?
    while let field = try reader.nextField() {
      switch field {
      case 1: from = try reader.fixed64()
      case 2: to = try reader.fixed64()
      case 3: term = try reader.term()
      case 4...23: body = try Body(field, from: reader.nested())
      default: try reader.skip()
      }
    }
    self.init(
      from: try MemberID(required: from, "Message.from"),
      to: try MemberID(required: to, "Message.to"),
      term: term, body: try body.required("Message.body"))
  }
}

extension Message.Body {
  /// The body in the message field `field`.
  fileprivate init(_ field: Int, from nested: WireReader) throws(WireError) {
    var reader = nested
    switch field {
    case 4, 6: self = try Self.voteRequest(&reader, isPreVote: field == 4)
    case 5: self = .preVoteReply(granted: try Numbers(&reader).first != 0)
    case 7: self = .voteReply(granted: try Numbers(&reader).first != 0)
    case 8: self = .append(try Append(from: &reader))
    case 9: self = .appendReply(.accepted(match: try Numbers(&reader).firstIndex))
    case 10: self = try Self.rejection(&reader)
    case 11:
      let numbers = try Numbers(&reader)
      self = .heartbeat(commit: try numbers.firstIndex, round: numbers.second ?? 0)
    case 12:
      let numbers = try Numbers(&reader)
      self = .heartbeatReply(
        round: numbers.first, supports: try FeatureLevel(received: numbers.second ?? 0))
    case 13: self = .snapshotChunk(try SnapshotChunk(from: &reader))
    case 14: self = try Self.snapshotReply(&reader)
    case 15:
      try reader.skipAll()
      self = .timeoutNow
    case 16: self = try Self.proposal(&reader)
    case 17: self = try Self.refusal(&reader)
    case 18: self = .readIndex(batch: try Numbers(&reader).first)
    case 19:
      let numbers = try Numbers(&reader)
      self = .readIndexReply(batch: numbers.first, index: try numbers.secondIndex)
    case 20: self = try Self.change(&reader)
    case 21: self = try Self.changeRefusal(&reader)
    case 22: self = try Self.healing(&reader)
    default: self = try Self.healingReply(&reader)
    }
  }

  private static func voteRequest(
    _ reader: inout WireReader, isPreVote: Bool
  ) throws(WireError) -> Self {
    var last: LogPosition?
    var transfer = false
    while let field = try reader.nextField() {
      switch field {
      case 1: last = try reader.message()
      case 2 where !isPreVote: transfer = try reader.bool()
      default: try reader.skip()
      }
    }
    let position = try last.required("Vote.last")
    return isPreVote ? .preVote(last: position) : .vote(last: position, transfer: transfer)
  }

  private static func rejection(_ reader: inout WireReader) throws(WireError) -> Self {
    var previous = LogIndex.zero
    var hint: LogPosition?
    while let field = try reader.nextField() {
      switch field {
      case 1: previous = try reader.index()
      case 2: hint = try reader.message()
      default: try reader.skip()
      }
    }
    return .appendReply(
      .rejected(previous: previous, hint: try hint.required("AppendRejected.hint")))
  }

  private static func snapshotReply(_ reader: inout WireReader) throws(WireError) -> Self {
    var position: LogPosition?
    var received: UInt64 = 0
    while let field = try reader.nextField() {
      switch field {
      case 1: position = try reader.message()
      case 2: received = try reader.offset()
      default: try reader.skip()
      }
    }
    return .snapshotReply(
      position: try position.required("SnapshotReply.position"), received: received)
  }

  private static func proposal(_ reader: inout WireReader) throws(WireError) -> Self {
    var id: ProposalID?
    var payload: [UInt8] = []
    while let field = try reader.nextField() {
      switch field {
      case 1: id = try reader.message()
      case 2: payload = try reader.bytes()
      default: try reader.skip()
      }
    }
    return .propose(try id.required("Propose.id"), payload: payload)
  }

  private static func refusal(_ reader: inout WireReader) throws(WireError) -> Self {
    var id: ProposalID?
    var reason: UInt64 = 0
    while let field = try reader.nextField() {
      switch field {
      case 1: id = try reader.message()
      case 2: reason = try reader.uint64()
      default: try reader.skip()
      }
    }
    guard let reason = UInt8(exactly: reason).flatMap(ProposalRefusal.init) else {
      throw .invalidValue("ProposalRefused.reason")
    }
    return .proposalRefused(try id.required("ProposalRefused.id"), reason)
  }

  private static func change(_ reader: inout WireReader) throws(WireError) -> Self {
    var id: ProposalID?
    var change: MembershipChange?
    var seen = LogIndex.zero
    while let field = try reader.nextField() {
      switch field {
      case 1: id = try reader.message()
      case 2: change = try reader.message()
      case 3: seen = try reader.index()
      default: try reader.skip()
      }
    }
    return .proposeChange(
      try id.required("ProposeChange.id"), try change.required("ProposeChange.change"), seen: seen)
  }

  private static func changeRefusal(_ reader: inout WireReader) throws(WireError) -> Self {
    var id: ProposalID?
    var refusal: MembershipRefusal?
    while let field = try reader.nextField() {
      switch field {
      case 1: id = try reader.message()
      case 2: refusal = try reader.message()
      default: try reader.skip()
      }
    }
    return .changeRefused(
      try id.required("ChangeRefused.id"), try refusal.required("ChangeRefused.refusal"))
  }

  private static func healing(_ reader: inout WireReader) throws(WireError) -> Self {
    var nonce: UInt64 = 0
    var last: LogPosition?
    while let field = try reader.nextField() {
      switch field {
      case 1: nonce = try reader.fixed64()
      case 2: last = try reader.message()
      default: try reader.skip()
      }
    }
    return .heal(nonce: nonce, last: try last.required("Heal.last"))
  }

  private static func healingReply(_ reader: inout WireReader) throws(WireError) -> Self {
    var nonce: UInt64 = 0
    var last = LogIndex.zero
    while let field = try reader.nextField() {
      switch field {
      case 1: nonce = try reader.fixed64()
      case 2: last = try reader.index()
      default: try reader.skip()
      }
    }
    return .healReply(nonce: nonce, last: last)
  }
}

/// The fields of a message that has at most two, both varints.
private struct Numbers {
  var first: UInt64 = 0
  var second: UInt64?

  init(_ reader: inout WireReader) throws(WireError) {
    while let field = try reader.nextField() {
      switch field {
      case 1: first = try reader.uint64()
      case 2: second = try reader.uint64()
      default: try reader.skip()
      }
    }
  }

  var firstIndex: LogIndex {
    get throws(WireError) { try LogIndex(received: first) }
  }

  var secondIndex: LogIndex? {
    get throws(WireError) {
      guard let second else { return nil }
      return try LogIndex(received: second)
    }
  }
}
