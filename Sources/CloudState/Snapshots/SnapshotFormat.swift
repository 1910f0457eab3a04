// A snapshot is a dump of the rows, not of the pages:
//
//   "CLNSTATE"  magic, 8 bytes
//   format      4 bytes, little-endian
//   schema      4 bytes, little-endian
//   one zstd frame of records:
//     1 name columns          a table begins: text, count
//     2 value…                a row, a value for each column
//     3 count                 the table ends, with the number of its rows
//     4 sha256                the end: 32 bytes over the header and all records before this one
//
//   count                     LEB128
//   text                      count, bytes
//   value                     0 (null) | 1 zigzag LEB128 | 2 IEEE 754 bits, 8 bytes little-endian
//                             | 3 text | 4 text (a blob)
//
// Rows come in the order of their tables' keys, so the records are the same bytes on every member
// with the same state, and the hash at the end can be compared between members.
enum SnapshotFormat {
  static let magic = Array("CLNSTATE".utf8)
  static let version: UInt32 = 1

  enum Tag {
    static let table: UInt8 = 1
    static let row: UInt8 = 2
    static let tableEnd: UInt8 = 3
    static let end: UInt8 = 4
  }

  enum Value {
    static let null: UInt8 = 0
    static let integer: UInt8 = 1
    static let real: UInt8 = 2
    static let text: UInt8 = 3
    static let blob: UInt8 = 4
  }

  /// No value is longer; a length beyond it is damage, and not worth the memory.
  static let longestValue = 16 << 20

  static func header(schema: UInt32) -> [UInt8] {
    var header = magic
    for number in [version, schema] {
      withUnsafeBytes(of: number.littleEndian) { header.append(contentsOf: $0) }
    }
    return header
  }
}
