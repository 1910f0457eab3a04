/// Cuts a JSON array of objects into its elements and reads each as a record.
///
/// The cut counts brackets outside strings only; whether an element is well-formed is for
/// ``JSONObjectScanner`` to say.
struct JSONArrayParser: DatasetParser {
  private enum State: Sendable {
    case beforeArray
    /// After `[`: an element or `]`.
    case beforeFirst
    /// After `,`: an element.
    case beforeNext
    case inElement
    /// After an element: `,` or `]`.
    case afterElement
    case afterArray
  }

  private var record: JSONRecordReader
  private var state = State.beforeArray
  private var element: [UInt8] = []
  private var nesting = JSONNesting()
  private var elementCount = 0

  init(builder: TableBuilder) {
    self.record = JSONRecordReader(builder: builder)
  }

  var rowCount: Int { record.builder.rowCount }

  mutating func reserve(rows: Int) { record.reserve(rows: rows) }

  mutating func parse(_ bytes: UnsafeRawBufferPointer) throws(DatasetError) {
    var index = 0
    while index < bytes.count {
      if state == .inElement {
        let start = index
        while index < bytes.count, state == .inElement {
          if nesting.isClosed(by: bytes[index]) { state = .afterElement }
          index += 1
        }
        try record.checkLength(element.count + index - start, place: place)
        element.append(contentsOf: bytes[start..<index])
        if state == .afterElement { try endElement() }
        continue
      }
      let byte = bytes[index]
      if JSONObjectScanner.isSpace(byte) {
        index += 1
        continue
      }
      switch (state, byte) {
      case (.beforeArray, UInt8(ascii: "[")):
        state = .beforeFirst
        index += 1
      case (.beforeFirst, UInt8(ascii: "]")), (.afterElement, UInt8(ascii: "]")):
        state = .afterArray
        index += 1
      case (.afterElement, UInt8(ascii: ",")):
        state = .beforeNext
        index += 1
      case (.beforeFirst, UInt8(ascii: "{")), (.beforeNext, UInt8(ascii: "{")):
        state = .inElement
      default:
        throw unexpected(TextCheck.excerpt([byte]))
      }
    }
  }

  func finish(_ layout: inout DatasetLayout) throws(DatasetError) -> TableBuilder {
    guard state == .afterArray else {
      if state == .beforeArray {
        throw DatasetError(
          kind: .empty, message: "The dataset is empty: send a JSON array of at least one object.")
      }
      throw DatasetError(
        kind: .invalidJSON,
        message: "\(place): the JSON array ends too early; its closing ] is missing.",
        row: elementCount)
    }
    return try record.finish(&layout)
  }

  private var place: String { "Element \(elementCount + 1)" }

  private mutating func endElement() throws(DatasetError) {
    let place = place
    var text: [UInt8] = []
    swap(&text, &element)
    try text.withUnsafeBufferPointer { buffer throws(DatasetError) in
      try record.read(UnsafeRawBufferPointer(buffer), place: place)
    }
    text.removeAll(keepingCapacity: true)
    swap(&text, &element)
    elementCount += 1
  }

  private func unexpected(_ found: String) -> DatasetError {
    let expected =
      switch state {
      case .beforeArray: "[ and then objects"
      case .beforeFirst: "an object or ]"
      case .beforeNext: "an object"
      case .inElement, .afterElement: ", or ]"
      case .afterArray: "nothing more"
      }
    return DatasetError(
      kind: .invalidJSON,
      message: "\(place): found \"\(found)\" where \(expected) was expected. "
        + "Send a JSON array of objects such as [{\"a\": 1}, {\"a\": 2}].",
      row: elementCount)
  }
}
