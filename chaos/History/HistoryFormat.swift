#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Histories as JSON lines, an operation a line: `{"client":…,"op":…,"key":…,"input":…,"output":…,
/// "call_ns":…,"return_ns":…}`. docs/fault-model.md describes each field.
public enum HistoryFormat {
  /// A line that is no operation.
  public struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name of the file.
    public var file: String
    /// The number of the line, from 1.
    public var line: Int
    /// What is wrong with it.
    public var text: String

    /// Makes an error.
    public init(file: String, line: Int, text: String) {
      self.file = file
      self.line = line
      self.text = text
    }

    /// File, line and what is wrong.
    public var description: String { "\(file):\(line): \(text)" }
  }

  /// The operations as lines, in the order given.
  public static func encode(_ history: [ClientOperation]) -> String {
    history.reduce(into: "") { $0 += line($1) }
  }

  /// Reads lines. Fields with other names are ignored; a missing `input`, `output` or `key` is null.
  ///
  /// - Parameter file: named in errors.
  public static func decode(
    _ text: [UInt8], file: String
  ) throws(Problem) -> [ClientOperation] {
    let decoder = JSONDecoder()
    var history: [ClientOperation] = []
    var lines = text[...]
    while !lines.isEmpty {
      let end = lines.firstIndex(of: UInt8(ascii: "\n")) ?? lines.endIndex
      do {
        history.append(try decoder.decode(Line.self, from: Data(lines[..<end])).operation)
      } catch {
        throw Problem(file: file, line: history.count + 1, text: Self.explain(error))
      }
      lines = lines[end...].dropFirst()
    }
    return history
  }

  private static func line(_ operation: ClientOperation) -> String {
    let returned = operation.returned.map(String.init) ?? "null"
    return "{\"client\":\(operation.client),\"op\":\(JSONValue.string(operation.name)),"
      + "\"key\":\(operation.key),\"input\":\(operation.input),\"output\":\(operation.output),"
      + "\"call_ns\":\(operation.called),\"return_ns\":\(returned)}\n"
  }

  private static func explain(_ error: any Error) -> String {
    switch error {
    case let error as Line.Problem: error.text
    case DecodingError.keyNotFound(let key, _): "\(key.stringValue) is missing"
    case DecodingError.typeMismatch(_, let context) where context.codingPath.isEmpty:
      "the line is not a JSON object"
    case DecodingError.typeMismatch(let type, let context),
      DecodingError.valueNotFound(let type, let context):
      "\(path(context)) is not \(type == String.self ? "text" : "a whole number")"
    case DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty:
      "the line is not JSON"
    case DecodingError.dataCorrupted(let context):
      "\(path(context)): \(context.debugDescription)"
    default: "the line can't be read: \(error)"
    }
  }

  private static func path(_ context: DecodingError.Context) -> String {
    context.codingPath.map(\.stringValue).joined(separator: ".")
  }
}

/// The fields of a line.
private struct Line: Decodable {
  struct Problem: Error {
    var text: String
  }

  var operation: ClientOperation

  enum CodingKeys: String, CodingKey {
    case client, op, key, input, output
    case called = "call_ns"
    case returned = "return_ns"
  }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    operation = ClientOperation(
      client: try fields.decode(JSONValue.self, forKey: .client),
      name: try fields.decode(String.self, forKey: .op),
      key: try fields.decodeIfPresent(JSONValue.self, forKey: .key) ?? .null,
      input: try fields.decodeIfPresent(JSONValue.self, forKey: .input) ?? .null,
      output: try fields.decodeIfPresent(JSONValue.self, forKey: .output) ?? .null,
      called: try fields.decode(Int64.self, forKey: .called), returned: nil)
    // Unknown outcomes are said to be unknown, not left out.
    guard fields.contains(.returned) else {
      throw Problem(text: "return_ns is missing (null says that no answer came)")
    }
    operation.returned = try fields.decodeIfPresent(Int64.self, forKey: .returned)
    if let returned = operation.returned, returned < operation.called {
      throw Problem(text: "return_ns \(returned) is before call_ns \(operation.called)")
    }
  }
}
