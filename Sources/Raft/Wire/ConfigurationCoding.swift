extension MemberID {
  /// The ID in a field that must hold one.
  init(required value: UInt64, _ name: String) throws(WireError) {
    guard value != 0 else { throw .missingField(name) }
    self.init(value)
  }
}

extension WireWriter {
  /// The first level is left out, as by programs that know of none.
  mutating func featureLevel(_ field: Int, _ level: FeatureLevel) {
    if level > .first { uint64(field, UInt64(level.rawValue)) }
  }
}

extension WireReader {
  mutating func featureLevel() throws(WireError) -> FeatureLevel {
    try FeatureLevel(received: uint64())
  }
}

extension FeatureLevel {
  /// The level that a received number stands for; programs that know of none leave it out.
  init(received number: UInt64) throws(WireError) {
    guard let number = UInt32(exactly: number) else { throw .invalidValue("feature_level") }
    self = max(.first, FeatureLevel(rawValue: number))
  }
}

extension Member: WireMessage {
  func write(to writer: inout WireWriter) {
    writer.fixed64(1, id.rawValue)
    writer.string(2, name)
    writer.string(3, address)
    writer.uint64(4, UInt64(priority))
  }

  init(from reader: inout WireReader) throws(WireError) {
    var id: UInt64 = 0
    var name = ""
    var address = ""
    var priority: UInt64 = 0
    while let field = try reader.nextField() {
      switch field {
      case 1: id = try reader.fixed64()
      case 2: name = try reader.string()
      case 3: address = try reader.string()
      case 4: priority = try reader.uint64()
      default: try reader.skip()
      }
    }
    self.init(
      id: try MemberID(required: id, "Member.id"), name: name, address: address,
      priority: UInt32(clamping: priority))
  }
}

extension Configuration: WireMessage {
  func write(to writer: inout WireWriter) {
    for member in members { writer.message(1, member) }
    writer.fixed64s(2, voters.map(\.rawValue))
    writer.fixed64s(3, outgoingVoters.map(\.rawValue))
    writer.fixed64s(4, learners.map(\.rawValue))
    writer.fixed64s(5, promotable.map(\.rawValue))
    writer.bool(6, waitsInJoint)
    writer.featureLevel(7, featureLevel)
  }

  init(from reader: inout WireReader) throws(WireError) {
    var members: [Member] = []
    var sets: [[MemberID]] = [[], [], [], []]
    var waitsInJoint = false
    var featureLevel = FeatureLevel.first
    while let field = try reader.nextField() {
      switch field {
      case 1: members.append(try reader.message())
      case 2, 3, 4, 5: sets[field - 2] += try reader.fixed64s().map { MemberID($0) }
      case 6: waitsInJoint = try reader.bool()
      case 7: featureLevel = try reader.featureLevel()
      default: try reader.skip()
      }
    }
    let known = Set(members.map(\.id))
    guard known.count == members.count else { throw .invalidValue("Configuration.members") }
    for set in sets {
      guard Set(set).count == set.count, known.isSuperset(of: set) else {
        throw .invalidValue("Configuration.voters, outgoing_voters, learners or promotable")
      }
    }
    self.init(
      members: members, voters: sets[0], outgoingVoters: sets[1], learners: sets[2],
      promotable: sets[3], waitsInJoint: waitsInJoint, featureLevel: featureLevel)
  }
}

extension SnapshotMetadata: WireMessage {
  func write(to writer: inout WireWriter) {
    writer.message(1, position)
    writer.message(2, configuration)
  }

  init(from reader: inout WireReader) throws(WireError) {
    var position: LogPosition?
    var configuration: Configuration?
    while let field = try reader.nextField() {
      switch field {
      case 1: position = try reader.message()
      case 2: configuration = try reader.message()
      default: try reader.skip()
      }
    }
    self.init(
      position: try position.required("SnapshotMetadata.position"),
      configuration: try configuration.required("SnapshotMetadata.configuration"))
  }
}
