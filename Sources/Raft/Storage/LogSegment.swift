/// One file of the write-ahead log: a header, then records, then zeros up to the end of the file.
struct LogSegment {
  var header: SegmentHeader
  var path: String
  /// Where the records end.
  var end: Int
  /// `check` of the last record.
  var chain: UInt32
  /// The log's last position when the segment was made, as its opening record says.
  var opening = LogPosition.zero
}

/// The first bytes of a segment. Never changed once the file has its name, so they are never torn.
///
///     magic         8 bytes  "CLEANWAL"
///     version       u32      1
///     previousChain u32      `check` of the last record of the segment before; 0 in the first
///     member        u64      whose log it is
///     sequence      u64      counts segments from 1
///     previousEnd   u64      where the records of the segment before end; 0 in the first
///     fileSize      u32      bytes that the file was made with; 0 in files from before it was noted
///     check         u32      CRC32C of the above
struct SegmentHeader: Hashable {
  static let size = 48
  static let version: UInt32 = 1
  private static let magic: UInt64 = 0x4C41_574E_4145_4C43

  var member: MemberID
  var sequence: UInt64
  var previousEnd: Int
  var previousChain: UInt32
  /// A file that is shorter has been cut.
  var fileSize: Int
  /// The header's checksum: seeds and begins the chain of its records.
  private(set) var check: UInt32 = 0

  init(
    member: MemberID, sequence: UInt64, previousEnd: Int, previousChain: UInt32, fileSize: Int
  ) {
    self.member = member
    self.sequence = sequence
    self.previousEnd = previousEnd
    self.previousChain = previousChain
    self.fileSize = fileSize
    check = bytes.withUnsafeBytes { $0.number(at: 44) }
  }

  var bytes: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Self.size)
    bytes.withUnsafeMutableBytes {
      $0.put(Self.magic, at: 0)
      $0.put(Self.version, at: 8)
      $0.put(previousChain, at: 12)
      $0.put(member.rawValue, at: 16)
      $0.put(sequence, at: 24)
      $0.put(UInt64(previousEnd), at: 32)
      $0.put(UInt32(fileSize), at: 40)
      $0.put(crc32c(UnsafeRawBufferPointer($0).part(0..<44)), at: 44)
    }
    return bytes
  }

  /// Reads and checks the header of `file`, which has the name of segment `sequence` of `member`.
  init(file: any File, sequence: UInt64, member: MemberID) throws(StorageError) {
    let bytes = try file.readBytes(at: 0, count: Self.size)
    func damaged(_ reason: String) -> StorageError {
      .damaged(file: file.path, offset: 0, reason: reason)
    }
    guard bytes.count == Self.size else { throw damaged("the file is shorter than its header") }
    let fields = bytes.withUnsafeBytes {
      (
        magic: $0.number(at: 0, as: UInt64.self), version: $0.number(at: 8, as: UInt32.self),
        chain: $0.number(at: 12, as: UInt32.self), member: $0.number(at: 16, as: UInt64.self),
        sequence: $0.number(at: 24, as: UInt64.self), end: $0.number(at: 32, as: UInt64.self),
        fileSize: $0.number(at: 40, as: UInt32.self),
        check: $0.number(at: 44, as: UInt32.self), computed: crc32c($0.part(0..<44))
      )
    }
    guard fields.magic == Self.magic, fields.check == fields.computed else {
      throw damaged("the segment header's checksum does not fit")
    }
    guard fields.version == Self.version else {
      throw .unknownVersion(file: file.path, version: fields.version)
    }
    guard fields.sequence == sequence else {
      throw damaged("the file holds segment \(fields.sequence), not what its name says")
    }
    guard fields.member == member.rawValue else {
      throw damaged("the file belongs to member \(MemberID(fields.member)), not to \(member)")
    }
    guard let end = UInt32(exactly: fields.end) else {
      throw damaged("impossible end \(fields.end)")
    }
    self.member = member
    self.sequence = sequence
    previousEnd = Int(end)
    previousChain = fields.chain
    fileSize = Int(fields.fileSize)
    check = fields.check
  }

  /// The file name of segment `sequence`.
  static func fileName(_ sequence: UInt64) -> String { "wal-\(MemberID(sequence)).log" }

  /// What comes after the name of a file that is set aside, for a person to look at.
  static let asideSuffix = ".damaged"

  /// The segment that a file name stands for; nil when it is none.
  static func sequence(ofFileNamed name: String) -> UInt64? {
    guard name.utf8.count == 24, name.hasPrefix("wal-"), name.hasSuffix(".log") else { return nil }
    guard let sequence = UInt64(name.dropFirst(4).dropLast(4), radix: 16) else { return nil }
    return fileName(sequence) == name ? sequence : nil
  }
}
