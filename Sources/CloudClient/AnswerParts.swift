import Foundation

/// The parts of an answer that is a form (RFC 7578), by their names; their bytes are the answer's own.
struct AnswerParts {
  private let answer: Answer
  private var parts: [String: Data] = [:]

  init(_ answer: Answer) throws(CloudError) {
    self.answer = answer
    let type = answer.headers.first(name: "Content-Type") ?? ""
    guard type.hasPrefix("multipart/form-data"), let start = type.range(of: "boundary=") else {
      throw answer.invalid("its answer is no form but \(type)")
    }
    let boundary = type[start.upperBound...].prefix { $0 != ";" }
    let delimiter = Data("\r\n--\(boundary)".utf8)
    let (lineEnd, headEnd) = (Data("\r\n".utf8), Data("\r\n\r\n".utf8))
    var rest = answer.body[...]
    guard rest.starts(with: delimiter.dropFirst(2)) else { throw Self.cutOff(answer) }
    rest = rest.dropFirst(delimiter.count - 2)
    while rest.starts(with: lineEnd) {
      rest = rest.dropFirst(lineEnd.count)
      guard let head = rest.range(of: headEnd),
        let end = rest.range(of: delimiter, in: head.upperBound..<rest.endIndex)
      else { throw Self.cutOff(answer) }
      let lines = String(decoding: rest[..<head.lowerBound], as: UTF8.self)
      if let name = lines.range(of: "name=\"") {
        parts[String(lines[name.upperBound...].prefix { $0 != "\"" })] =
          rest[head.upperBound..<end.lowerBound]
      }
      rest = rest[end.upperBound...]
    }
    guard rest.starts(with: Data("--".utf8)) else { throw Self.cutOff(answer) }
  }

  /// A part that may be left out.
  subscript(_ name: String) -> Data? { parts[name] }

  func require(_ name: String) throws(CloudError) -> Data {
    guard let part = parts[name] else { throw answer.invalid("its answer lacks the part \(name)") }
    return part
  }

  private static func cutOff(_ answer: Answer) -> CloudError {
    answer.invalid("its answer is cut off")
  }
}
