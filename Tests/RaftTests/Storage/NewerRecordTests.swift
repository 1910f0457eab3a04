import Testing

@testable import Raft

/// Records that a newer program has written.
struct NewerRecordTests {
  /// A record as the log has them, with a content that this program doesn't know.
  func record(at offset: Int, in segment: LogSegment, durable: Int) -> [UInt8] {
    // Field 15, a number.
    let payload: [UInt8] = [0x78, 0x01]
    var bytes = [UInt8](repeating: 0, count: RecordFrame.headerSize) + payload
    bytes.withUnsafeMutableBytes {
      $0.put(UInt32(payload.count), at: 0)
      $0.put(UInt32(durable), at: 4)
      $0.put(segment.chain, at: 8)
      $0.put(payload.withUnsafeBytes { crc32c($0) }, at: 12)
      let head = UnsafeRawBufferPointer($0).part(0..<16)
      $0.put(crc32c(crc32c(segment.header.check, UInt64(offset)), head), at: 16)
    }
    return bytes
  }

  @Test(arguments: [LogStore.DamagePolicy.refuse, .quarantine])
  func aRecordOfANewerProgramIsNotDroppedAsDamage(policy: LogStore.DamagePolicy) throws {
    let system = FaultFileSystem()
    let (store, _) = try LogStoreCrashTests.open(system)
    let entry = Entry(position: LogPosition(index: LogIndex(1), term: Term(1)), content: .termStart)
    try store.append(PersistBatch(sequence: 1, entries: [entry]))
    try store.synchronize()
    let segment = store.segments[0]
    try system.open(segment.path, .update).writeBytes(
      record(at: segment.end, in: segment, durable: segment.end), at: segment.end)
    let before = system.names.mapValues(\.current)
    var options = QuarantineTests.options
    options.onDamage = policy
    let error = #expect(throws: StorageError.self) {
      try LogStore.open(fileSystem: system, directory: "/log", options: options)
    }
    guard case .unknownRecord(segment.path, segment.end, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(error?.damage == nil)
    #expect(error?.description.contains("newer program") == true)
    #expect(system.names.mapValues(\.current) == before)
  }
}
