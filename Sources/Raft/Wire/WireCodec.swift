/// Values as bytes: Protocol Buffers by the schema raft.proto.
///
/// Encoding is deterministic. Decoding skips unknown fields and never traps, whatever the bytes. Of a
/// field that occurs twice the last occurrence counts.
public enum WireCodec {
  /// A message, as peers exchange it.
  public static func encode(_ message: Message) -> [UInt8] { bytes(of: message) }
  /// The message that `bytes` stand for. Guarantees what the protocol takes for granted: entries are
  /// consecutive after `previous`, their terms never shrink, and no number is close to overflow.
  public static func decodeMessage(_ bytes: [UInt8]) throws(WireError) -> Message {
    try value(of: bytes)
  }

  /// An entry, as it stands in messages and in the log.
  public static func encode(_ entry: Entry) -> [UInt8] { bytes(of: entry) }
  /// The entry that `bytes` stand for.
  public static func decodeEntry(_ bytes: [UInt8]) throws(WireError) -> Entry {
    try value(of: bytes)
  }

  /// A configuration, as it stands in entries.
  public static func encode(_ configuration: Configuration) -> [UInt8] { bytes(of: configuration) }
  /// The configuration that `bytes` stand for.
  public static func decodeConfiguration(_ bytes: [UInt8]) throws(WireError) -> Configuration {
    try value(of: bytes)
  }

  /// A snapshot's metadata, as it stands in snapshot files and chunks.
  public static func encode(_ metadata: SnapshotMetadata) -> [UInt8] { bytes(of: metadata) }
  /// The metadata that `bytes` stand for.
  public static func decodeSnapshotMetadata(
    _ bytes: [UInt8]
  ) throws(WireError) -> SnapshotMetadata { try value(of: bytes) }

  static func bytes(of value: some WireMessage) -> [UInt8] {
    var writer = WireWriter()
    value.write(to: &writer)
    return writer.bytes
  }

  static func value<M: WireMessage>(
    of bytes: [UInt8], as _: M.Type = M.self
  ) throws(WireError) -> M {
    var reader = WireReader(bytes)
    return try M(from: &reader)
  }
}
