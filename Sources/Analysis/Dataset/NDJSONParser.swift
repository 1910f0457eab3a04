/// Cuts newline-delimited JSON into lines and reads each as a record.
struct NDJSONParser: DatasetParser {
  private var record: JSONRecordReader
  /// The part of the current line that came in earlier pieces.
  private var pending: [UInt8] = []
  private var line = 1

  init(builder: TableBuilder) {
    self.record = JSONRecordReader(builder: builder)
  }

  var rowCount: Int { record.builder.rowCount }

  mutating func reserve(rows: Int) { record.reserve(rows: rows) }

  mutating func parse(_ bytes: UnsafeRawBufferPointer) throws(DatasetError) {
    var start = 0
    while start < bytes.count, let index = bytes.firstIndex(of: 0x0A, from: start) {
      let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<index])
      if pending.isEmpty {
        try endLine(piece)
      } else {
        try keep(piece)
        try endPendingLine()
      }
      start = index + 1
    }
    try keep(UnsafeRawBufferPointer(rebasing: bytes[start...]))
  }

  mutating func finish(_ layout: inout DatasetLayout) throws(DatasetError) -> TableBuilder {
    try endPendingLine()
    return try record.finish(&layout)
  }

  private mutating func keep(_ piece: UnsafeRawBufferPointer) throws(DatasetError) {
    try record.checkLength(pending.count + piece.count, place: "Line \(line)")
    pending.append(contentsOf: piece)
  }

  private mutating func endPendingLine() throws(DatasetError) {
    var text: [UInt8] = []
    swap(&text, &pending)
    try text.withUnsafeBufferPointer { buffer throws(DatasetError) in
      try endLine(UnsafeRawBufferPointer(buffer))
    }
    text.removeAll(keepingCapacity: true)
    swap(&text, &pending)
  }

  private mutating func endLine(_ text: UnsafeRawBufferPointer) throws(DatasetError) {
    try record.checkLength(text.count, place: "Line \(line)")
    if !text.allSatisfy(JSONObjectScanner.isSpace) {
      try record.read(text, place: "Line \(line)")
    }
    line += 1
  }
}
