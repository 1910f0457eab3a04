/// Values as bytes: Protocol Buffers by the schema raft.proto.
///
/// Encoding is deterministic. Decoding skips unknown fields and never traps, whatever the bytes.
public enum WireCodec {
  /// A message, as peers exchange it.
  public static func encode(_ message: Message) -> [UInt8] { fatalError("being written") }
  /// The message that `bytes` stand for.
  public static func decodeMessage(_ bytes: [UInt8]) throws(WireError) -> Message {
    fatalError("being written")
  }
  /// An entry, as it stands in messages and in the log.
  public static func encode(_ entry: Entry) -> [UInt8] { fatalError("being written") }
  /// The entry that `bytes` stand for.
  public static func decodeEntry(_ bytes: [UInt8]) throws(WireError) -> Entry {
    fatalError("being written")
  }
  /// A configuration, as it stands in entries.
  public static func encode(_ configuration: Configuration) -> [UInt8] {
    fatalError("being written")
  }
  /// The configuration that `bytes` stand for.
  public static func decodeConfiguration(_ bytes: [UInt8]) throws(WireError) -> Configuration {
    fatalError("being written")
  }
  /// A snapshot's metadata, as it stands in snapshot files and chunks.
  public static func encode(_ metadata: SnapshotMetadata) -> [UInt8] {
    fatalError("being written")
  }
  /// The metadata that `bytes` stand for.
  public static func decodeSnapshotMetadata(
    _ bytes: [UInt8]
  ) throws(WireError) -> SnapshotMetadata { fatalError("being written") }
}
