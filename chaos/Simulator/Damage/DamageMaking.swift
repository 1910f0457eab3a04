import Raft

/// Lets disks change what they hold: never more than the others can make good.
extension Simulation {
  /// New bytes at a place of a file.
  private struct Wound {
    var file: DamageableFile
    var offset: Int
    var bytes: [UInt8]

    var range: Range<Int> { offset..<offset + bytes.count }

    /// The runs of bytes that become others.
    var changes: [Range<Int>] {
      var changes: [Range<Int>] = []
      for (place, byte) in zip(range, bytes) where file.content.bytes[place] != byte {
        let start = changes.last?.upperBound == place ? changes.removeLast().lowerBound : place
        changes.append(start..<place + 1)
      }
      return changes
    }
  }

  private struct DamageableFile {
    var part: DamagedPart
    var path: String
    var content: SimulatedFileContent
    /// Of a log's segments the newest.
    var isLast: Bool
  }

  private static let sector = SimulatedFileContent.sectorSize
  /// The more often a part is listed, the more often it is hit.
  private static let targets: [DamagedPart] = [
    .log, .log, .log, .log, .snapshot, .snapshot, .ballot, .quarantine, .receivedPieces,
  ]

  /// A disk changes bytes, if some member's may now.
  func damageDisk(by fault: Fault) {
    for member in members where member.process?.isHalted == false {
      coverage.count(.damageVanished, member.damage.dropVanished(from: member.disk))
    }
    let candidates = members.filter { $0.isBootstrapped && !$0.disk.isFrozen }
    guard !candidates.isEmpty else { return }
    let member = random.pick(candidates)
    // What is on its way to the disk gets there first: else a power failure could undo what tells
    // damage from a torn tail. What the log can't tell by itself is not asked of it.
    let files = settledFiles(of: member)
    checkMark(in: files, of: member)
    for _ in 0..<8 {
      let wounds = drawWounds(fault, files)
      guard !wounds.isEmpty, let scars = judge(wounds, member) else { continue }
      for wound in wounds {
        wound.file.content.damage(at: wound.offset, with: wound.bytes)
        trace.note(
          now, "d", member.number, UInt64(wound.offset), Fingerprint.of(wound.bytes),
          as: "m\(member.number)'s disk damages \(wound.file.path) at \(wound.offset), "
            + "\(wound.bytes.count) bytes")
      }
      for scar in scars { member.damage.add(scar) }
      for part in Set(scars.map(\.part)) { coverage.count(.damage(to: part)) }
      coverage.count(fault.damageItem)
      return
    }
  }

  private func settledFiles(of member: SimulatedMember) -> [DamageableFile] {
    var files: [DamageableFile] = []
    for name in ["wal", "snapshots"] {
      let path = "\(Self.dataDirectory)/\(name)"
      guard let directory = member.disk.directory(at: path) else { continue }
      directory.synchronize()
      // Names are in order, and so are segments.
      let last = directory.files.last {
        DamagedPart(directory: name, name: $0.name) == .log
      }
      for (file, content) in directory.files {
        content.synchronize()
        guard !content.differsFromDisk, !content.bytes.isEmpty,
          let part = DamagedPart(directory: name, name: file)
        else { continue }
        files.append(
          DamageableFile(
            part: part, path: "\(path)/\(file)", content: content, isLast: file == last?.name))
      }
    }
    return files
  }

  /// Damage to the last batch can be told from a torn tail only by what was written after it became durable.
  private func checkMark(in files: [DamageableFile], of member: SimulatedMember) {
    guard member.promise.isFulfilled, member.process?.isHalted == false,
      let last = files.last(where: { $0.part == .log && $0.isLast }),
      !member.damage.mayLackEntries, !SegmentAnatomy(last.content.bytes).endsInMark
    else { return }
    report(
      .durability,
      "member \(member.number)'s \(last.path) does not show that its last batch is durable")
  }

  // MARK: What becomes of the bytes

  private func drawWounds(_ fault: Fault, _ files: [DamageableFile]) -> [Wound] {
    let parts = Self.targets.filter { part in files.contains { $0.part == part } }
    guard !parts.isEmpty else { return [] }
    let part = random.pick(parts)
    let choice = files.filter { $0.part == part }
    let file = random.coin() ? choice[choice.count - 1] : random.pick(choice)
    switch fault {
    case .loseWrite: return drawLostWrite(file).map { [$0] } ?? []
    case .misdirectWrite:
      guard let lost = drawLostWrite(file) else { return [] }
      let target = random.coin() ? file : random.pick(files)
      let written = Array(file.content.bytes[lost.range])
      guard let other = drawSectors(target, count: 1) else { return [] }
      let hit = other.lowerBound..<min(other.upperBound, other.lowerBound + written.count)
      let misplaced = Wound(
        file: target, offset: hit.lowerBound, bytes: Array(written[..<hit.count]))
      guard target.content !== file.content || !hit.overlaps(lost.range) else { return [] }
      return [lost, misplaced]
    default: return drawRot(file).map { [$0] } ?? []
    }
  }

  /// Flipped bits, or sectors of zeros or garbage.
  private func drawRot(_ file: DamageableFile) -> Wound? {
    let bytes = file.content.bytes
    if random.coin() {
      var flipped = [bytes[0]]
      let offset = drawOffset(file)
      flipped[0] = bytes[offset] ^ UInt8(random.draw(1...255))
      return Wound(file: file, offset: offset, bytes: flipped)
    }
    guard let range = drawSectors(file, count: random.draw(1...3)) else { return nil }
    let isZero = random.coin()
    return Wound(
      file: file, offset: range.lowerBound,
      bytes: range.map { _ in isZero ? 0 : UInt8(random.draw(0...255)) })
  }

  /// Sectors whose last write never reached the disk.
  private func drawLostWrite(_ file: DamageableFile) -> Wound? {
    let content = file.content
    let changed = stride(from: 0, to: content.bytes.count, by: Self.sector).filter { start in
      let range = start..<min(start + Self.sector, content.bytes.count)
      return !content.overwritten(range).elementsEqual(content.bytes[range])
    }
    guard !changed.isEmpty else { return nil }
    let start = random.coin() ? changed[changed.count - 1] : random.pick(changed)
    let range = start..<min(start + Self.sector, content.bytes.count)
    return Wound(file: file, offset: start, bytes: content.overwritten(range))
  }

  private func drawSectors(_ file: DamageableFile, count: Int) -> Range<Int>? {
    let start = drawOffset(file) / Self.sector * Self.sector
    return start..<min(start + count * Self.sector, file.content.bytes.count)
  }

  /// A place in the part of a file that is in use; in a segment also where it hurts most.
  private func drawOffset(_ file: DamageableFile) -> Int {
    guard file.part == .log else { return random.draw(0...file.content.bytes.count - 1) }
    let anatomy = SegmentAnatomy(file.content.bytes)
    switch random.draw(0...9) {
    case 0: return random.draw(0...SegmentAnatomy.headerSize - 1)
    case 1: return random.draw(SegmentAnatomy.headerSize...anatomy.openingEnd)
    case 2...4:
      guard let last = anatomy.lastBatch else { fallthrough }
      return random.draw(last.lowerBound...last.upperBound - 1)
    default: return random.draw(0...min(anatomy.end, file.content.bytes.count - 1))
    }
  }

  // MARK: Whether it may be

  /// The scars that these wounds leave; nil when the cluster need not survive them.
  private func judge(_ wounds: [Wound], _ member: SimulatedMember) -> [Scar]? {
    let old = member.damage.scars(on: member.disk)
    var scars: [Scar] = []
    for wound in wounds {
      guard !wound.changes.isEmpty else { return nil }
      let (isBearable, marks) = marks(of: wound, among: wounds)
      guard isBearable else { return nil }
      scars += marks
    }
    let all = old + scars
    // What damage to a damaged log costs can't be told here, and damage must not undo damage.
    guard !(old.contains { $0.part == .log } && wounds.contains { $0.file.part == .log }),
      !wounds.contains(where: { wound in old.contains { $0.content === wound.file.content } }),
      keepsVotes(all, member), staysMinority(scars, member)
    else { return nil }
    return scars
  }

  /// What is left of a wound where it may cost something; or that it is not to be told from a torn tail.
  private func marks(
    of wound: Wound, among wounds: [Wound]
  ) -> (isBearable: Bool, marks: [Scar]) {
    let content = wound.file.content
    var end: Int?
    var used = 0..<content.bytes.count
    if wound.file.part == .log {
      let anatomy = SegmentAnatomy(content.bytes)
      let hits = wounds.filter { $0.file.content === content }.flatMap(\.changes)
      switch anatomy.cost(of: hits, isLast: wound.file.isLast) {
      case .nothing: used = anatomy.end..<content.bytes.count
      case .ends(let place):
        end = place
        used = 0..<anatomy.end
      case .unnoticeable: return (false, [])
      }
    }
    let marks = wound.changes.filter { $0.overlaps(used) }.map { change in
      let range = change.clamped(to: used)
      let bytes = wound.bytes[range.lowerBound - wound.offset..<range.upperBound - wound.offset]
      return Scar(
        part: wound.file.part, path: wound.file.path, content: content, offset: range.lowerBound,
        bytes: Array(bytes), end: end)
    }
    return (true, marks)
  }

  /// Whether the member's vote can still be known: either the log is whole or each slot of the ballot
  /// has a copy that is.
  private func keepsVotes(_ scars: [Scar], _ member: SimulatedMember) -> Bool {
    let isAtRisk = member.damage.mayLackEntries || scars.contains { $0.part == .log }
    guard isAtRisk else { return true }
    guard let ballot = member.disk.file(at: "\(Self.dataDirectory)/wal/ballot"),
      ballot.bytes.count == 8192
    else { return false }
    func isHit(_ copy: Int) -> Bool {
      scars.contains {
        $0.content === ballot
          && ($0.offset..<$0.offset + $0.bytes.count).overlaps(copy..<copy + 512)
      }
    }
    return [0, 4096].allSatisfy { !isHit($0) || !isHit($0 + 512) }
  }

  /// Whether the members that hold what they promised are enough to elect a leader who does.
  private func staysMinority(_ scars: [Scar], _ member: SimulatedMember) -> Bool {
    guard scars.contains(where: { $0.part.costsEntries }) else { return true }
    let damaged = members.filter { $0 === member || $0.damage.mayLackEntries }
    return damaged.count <= (members.count - 1) / 2
  }
}

extension Fault {
  fileprivate var damageItem: Coverage.Item {
    switch self {
    case .loseWrite: .writesLost
    case .misdirectWrite: .writesMisdirected
    default: .bitsRotted
    }
  }
}

extension Coverage.Item {
  fileprivate static func damage(to part: DamagedPart) -> Self {
    switch part {
    case .log: .logsDamaged
    case .ballot: .ballotsDamaged
    case .quarantine: .quarantineFilesDamaged
    case .snapshot: .snapshotsDamaged
    case .receivedPieces: .receivedPiecesDamaged
    }
  }
}
