extension Optional {
  /// The value of a field that must be there.
  func required(_ name: String) throws(WireError) -> Wrapped {
    guard let self else { throw .missingField(name) }
    return self
  }
}

extension LogPosition: WireMessage {
  func write(to writer: inout WireWriter) {
    writer.uint64(1, index.rawValue)
    writer.uint64(2, term.rawValue)
  }

  init(from reader: inout WireReader) throws(WireError) {
    self = .zero
    while let field = try reader.nextField() {
      switch field {
      case 1: index = try reader.index()
      case 2: term = try reader.term()
      default: try reader.skip()
      }
    }
  }
}

extension ProposalID: WireMessage {
  func write(to writer: inout WireWriter) {
    writer.fixed64(1, member.rawValue)
    writer.fixed64(2, sequence)
  }

  init(from reader: inout WireReader) throws(WireError) {
    var member: UInt64 = 0
    var sequence: UInt64 = 0
    while let field = try reader.nextField() {
      switch field {
      case 1: member = try reader.fixed64()
      case 2: sequence = try reader.fixed64()
      default: try reader.skip()
      }
    }
    self.init(member: try MemberID(required: member, "ProposalId.member"), sequence: sequence)
  }
}

extension Entry: WireMessage {
  func write(to writer: inout WireWriter) {
    position.write(to: &writer)
    switch content {
    case .termStart:
      writer.message(3) { _ in }
    case .command(let payload, let proposal):
      writer.message(4) {
        $0.bytes(1, payload)
        if let proposal { $0.message(2, proposal) }
      }
    case .configuration(let configuration, let proposal):
      writer.message(5, configuration)
      if let proposal { writer.message(6, proposal) }
    }
  }

  init(from reader: inout WireReader) throws(WireError) {
    var position = LogPosition.zero
    var content: Content?
    var proposal: ProposalID?
    while let field = try reader.nextField() {
      switch field {
      case 1: position.index = try reader.index()
      case 2: position.term = try reader.term()
      case 3:
        var inner = try reader.nested()
        try inner.skipAll()
        content = .termStart
      case 4:
        var inner = try reader.nested()
        content = try Self.command(from: &inner)
      case 5: content = .configuration(try reader.message())
      case 6: proposal = try reader.message()
      default: try reader.skip()
      }
    }
    guard position.index > .zero else { throw .missingField("Entry.index") }
    if case .configuration(let configuration, _)? = content {
      content = .configuration(configuration, proposal: proposal)
    }
    self.init(position: position, content: try content.required("Entry.content"))
  }

  private static func command(from reader: inout WireReader) throws(WireError) -> Content {
    var payload: [UInt8] = []
    var proposal: ProposalID?
    while let field = try reader.nextField() {
      switch field {
      case 1: payload = try reader.bytes()
      case 2: proposal = try reader.message()
      default: try reader.skip()
      }
    }
    return .command(payload, proposal: proposal)
  }
}

extension WireReader {
  /// Passes over everything, checking that it is well-formed.
  mutating func skipAll() throws(WireError) {
    while try nextField() != nil { try skip() }
  }
}
