extension MembershipChange: WireMessage {
  func write(to writer: inout WireWriter) {
    for step in steps { writer.message(1, step) }
    writer.uint64(2, UInt64(path.rawValue))
  }

  init(from reader: inout WireReader) throws(WireError) {
    var steps: [Step] = []
    var path: Path?
    while let field = try reader.nextField() {
      switch field {
      case 1: steps.append(try reader.message())
      case 2: path = UInt8(exactly: try reader.uint64()).flatMap(Path.init)
      default: try reader.skip()
      }
    }
    guard let path else { throw .invalidValue("MembershipChange.path") }
    self.init(steps, path: path)
  }
}

extension MembershipChange.Step: WireMessage {
  func write(to writer: inout WireWriter) {
    switch self {
    case .addLearner(let member, let promotes):
      writer.message(1) {
        $0.message(1, member)
        $0.bool(2, promotes)
      }
    case .addVoter(let member): writer.message(2, member)
    case .promote(let id): writer.fixed64(3, id.rawValue)
    case .demote(let id): writer.fixed64(4, id.rawValue)
    case .remove(let id): writer.fixed64(5, id.rawValue)
    case .update(let member): writer.message(6, member)
    }
  }

  init(from reader: inout WireReader) throws(WireError) {
    var step: Self?
    while let field = try reader.nextField() {
      switch field {
      case 1:
        var inner = try reader.nested()
        step = try Self.addLearner(from: &inner)
      case 2: step = .addVoter(try reader.message())
      case 3: step = .promote(try MemberID(required: reader.fixed64(), "Step.promote"))
      case 4: step = .demote(try MemberID(required: reader.fixed64(), "Step.demote"))
      case 5: step = .remove(try MemberID(required: reader.fixed64(), "Step.remove"))
      case 6: step = .update(try reader.message())
      default: try reader.skip()
      }
    }
    self = try step.required("MembershipChange.Step.content")
  }

  private static func addLearner(from reader: inout WireReader) throws(WireError) -> Self {
    var member: Member?
    var promotes = false
    while let field = try reader.nextField() {
      switch field {
      case 1: member = try reader.message()
      case 2: promotes = try reader.bool()
      default: try reader.skip()
      }
    }
    return .addLearner(try member.required("AddLearner.member"), promotes: promotes)
  }
}

extension MembershipRefusal: WireMessage {
  func write(to writer: inout WireWriter) {
    func reason(_ number: UInt64, _ member: MemberID? = nil) {
      writer.uint64(1, number)
      writer.fixed64(2, member?.rawValue ?? 0)
    }
    switch self {
    case .noLeader: reason(1)
    case .notReady: reason(2)
    case .changeUnderWay: reason(3)
    case .membershipChanged: reason(12)
    case .notJoint: reason(4)
    case .unknownMember(let id): reason(5, id)
    case .alreadyMember(let id): reason(6, id)
    case .wrongRole(let id): reason(7, id)
    case .notCaughtUp(let id): reason(8, id)
    case .noVoters: reason(9)
    case .losesQuorum(let live, let needed):
      reason(10)
      writer.uint64(3, UInt64(live))
      writer.uint64(4, UInt64(needed))
    case .featureLevelTooLow(let id, let level, let needed):
      reason(11, id)
      writer.featureLevel(5, level)
      writer.featureLevel(6, needed)
    }
  }

  init(from reader: inout WireReader) throws(WireError) {
    var reason: UInt64 = 0
    var member: UInt64 = 0
    var live: UInt64 = 0
    var needed: UInt64 = 0
    var levels = (has: FeatureLevel.first, needs: FeatureLevel.first)
    while let field = try reader.nextField() {
      switch field {
      case 1: reason = try reader.uint64()
      case 2: member = try reader.fixed64()
      case 3: live = try reader.uint64()
      case 4: needed = try reader.uint64()
      case 5: levels.has = try reader.featureLevel()
      case 6: levels.needs = try reader.featureLevel()
      default: try reader.skip()
      }
    }
    let id = MemberID(member)
    switch reason {
    case 1: self = .noLeader
    case 2: self = .notReady
    case 3: self = .changeUnderWay
    case 4: self = .notJoint
    case 5: self = .unknownMember(id)
    case 6: self = .alreadyMember(id)
    case 7: self = .wrongRole(id)
    case 8: self = .notCaughtUp(id)
    case 9: self = .noVoters
    case 10: self = .losesQuorum(live: Int(clamping: live), needed: Int(clamping: needed))
    case 11: self = .featureLevelTooLow(id, has: levels.has, needs: levels.needs)
    case 12: self = .membershipChanged
    default: throw .invalidValue("MembershipRefusal.reason")
    }
  }
}
