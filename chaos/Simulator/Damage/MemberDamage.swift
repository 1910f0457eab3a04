import Raft

/// A part of a member's data directory, as far as it matters what damage to it costs.
enum DamagedPart: String, CaseIterable {
  case log
  case ballot
  case quarantine
  case snapshot
  case receivedPieces = "received pieces"

  /// Whether the member may lack what it has promised to hold, from then on.
  var costsEntries: Bool { self == .log || self == .snapshot }

  /// Which part a file is; nil when damage to it means nothing.
  init?(directory: String, name: String) {
    switch directory {
    case "wal" where name.hasPrefix("wal-") && name.hasSuffix(".log"): self = .log
    case "wal" where name == "ballot": self = .ballot
    case "wal" where name == "quarantine": self = .quarantine
    case "snapshots" where name.hasSuffix(".snap"): self = .snapshot
    case "snapshots" where name.hasPrefix("receiving"): self = .receivedPieces
    default: return nil
    }
  }
}

/// Bytes that a disk has changed by itself.
struct Scar {
  var part: DamagedPart
  var path: String
  var content: SimulatedFileContent
  var offset: Int
  var bytes: [UInt8]
  /// Where the log must be found to end for it, if this is in the records of a segment of the log.
  var end: Int?

  /// Whether it is behind the records of a segment. What a lost or misplaced write brings back there may
  /// pass for a record that followed upon a torn one, and so make a torn tail look like damage.
  var isBehindRecords: Bool { part == .log && end == nil }

  /// Whether the bytes are still what the disk made of them; behind the records, whether any is.
  func isPresent(on disk: SimulatedDisk) -> Bool {
    guard disk.file(at: path) === content, offset + bytes.count <= content.bytes.count else {
      return false
    }
    let found = content.bytes[offset..<offset + bytes.count]
    return isBehindRecords ? zip(found, bytes).contains(where: ==) : found.elementsEqual(bytes)
  }
}

/// What became of a member's disk, and what the member owes the others for it. The model against which
/// the quarantine is judged.
struct MemberDamage {
  /// How far a member in quarantine has come.
  enum Quarantine {
    case none
    /// It lacks, or may lack, what it had acknowledged.
    case owes
    /// It says that it holds all of it again, and has that written down.
    case ends
  }

  private(set) var quarantine = Quarantine.none
  /// What it had acknowledged before its disk lost something, and must hold again.
  private(set) var owed: [LogPosition] = []
  /// The term in which it found that it does.
  private(set) var healedIn = Term.zero
  /// Whether no whole snapshot reaches up to where its log begins: then it lacks what stood in a damaged
  /// one as soon as it loses its database.
  var lacksSnapshot = false
  private var scars: [Scar] = []

  mutating func add(_ scar: Scar) { scars.append(scar) }

  /// The scars that are still to be seen. Others were overwritten, or their file is gone.
  func scars(on disk: SimulatedDisk) -> [Scar] { scars.filter { $0.isPresent(on: disk) } }

  /// Whether this part was damaged since all was looked at, though it may have been replaced.
  func hasMet(_ part: DamagedPart) -> Bool { scars.contains { $0.part == part } }

  /// Whether the log had to be found to end here, at an earlier start that a crash ended or now.
  func hasMet(_ end: Int, of path: String) -> Bool {
    scars.contains { $0.path == path && $0.end == end }
  }

  /// Forgets scars of a running member that were compacted away or overwritten. Returns how many. A
  /// snapshot that was deleted stays: its name may come back when the power fails.
  ///
  /// When it starts, what is no longer there may have been set aside instead, and the entries be lost.
  mutating func dropVanished(from disk: SimulatedDisk) -> Int {
    let before = scars.count
    scars.removeAll { !$0.isPresent(on: disk) && $0.part != .snapshot }
    return before - scars.count
  }

  /// All was looked at, and what is damaged was set aside.
  mutating func wasExamined() { scars = [] }

  /// Whether it may lack what it has promised: also when its damage was dealt with in part, by a start
  /// that a crash ended.
  var mayLackEntries: Bool {
    quarantine != .none || lacksSnapshot || scars.contains { $0.part.costsEntries }
  }

  /// The member starts in quarantine; `promised` is what it had acknowledged since its last start.
  mutating func beginQuarantine(promised: [LogPosition]) {
    quarantine = .owes
    owed = Array(Set(owed + promised)).sorted { ($0.index, $0.term) < ($1.index, $1.term) }
  }

  /// The member, which is in `term`, says that it is whole again.
  mutating func quarantineEnds(in term: Term) {
    quarantine = .ends
    healedIn = term
  }

  /// That is durable, or the member was never in quarantine.
  mutating func isWhole() {
    quarantine = .none
    owed = []
  }
}
