import Foundation

/// A plan as JSON in UTF-8, made piece by piece while it is sent: a million actions need no second
/// copy. Keys are in snake_case and in ascending order.
public struct FixLog: Sequence, Sendable {
  /// Large enough that handing it on is cheap beside making it.
  private static let pieceBytes = 64 << 10
  private static let head = Array("{\"actions\":[".utf8)

  private let actions: [FixAction]
  /// What follows on the actions.
  private let tail: [UInt8]

  fileprivate init(_ plan: FixPlan) throws {
    actions = plan.actions
    var rest = plan
    rest.actions = []
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let object = Array(try encoder.encode(rest))
    precondition(object.starts(with: Self.head), "no key of a plan comes before its actions")
    tail = Array(object.dropFirst(Self.head.count))
  }

  /// Makes the pieces.
  public struct Iterator: IteratorProtocol {
    private let log: FixLog
    private var place = 0
    private var isEnded = false

    fileprivate init(_ log: FixLog) {
      self.log = log
    }

    /// The next piece; nil after the last.
    public mutating func next() -> [UInt8]? {
      guard !isEnded else { return nil }
      var piece: [UInt8] = []
      if place == 0 { piece += FixLog.head }
      while place < log.actions.count, piece.count < FixLog.pieceBytes {
        if place > 0 { piece.append(UInt8(ascii: ",")) }
        log.actions[place].appendJSON(to: &piece)
        place += 1
      }
      if place == log.actions.count {
        piece += log.tail
        isEnded = true
      }
      return piece
    }
  }

  /// Begins anew.
  public func makeIterator() -> Iterator { Iterator(self) }
}

extension FixPlan {
  /// The plan as JSON, piece by piece.
  public func log() throws -> FixLog { try FixLog(self) }

  /// The plan as JSON.
  public func json() throws -> [UInt8] { try log().reduce(into: []) { $0 += $1 } }

  /// Reads a log.
  ///
  /// - Parameter isCancelled: asked often, on the calling thread; answering true ends the work.
  /// - Throws: ``FixError`` of the kinds `malformed_log`, `unknown_version` and `too_many_actions`;
  ///   ``AnalysisCancelled``.
  public init(log: [UInt8], isCancelled: @escaping @Sendable () -> Bool = { false }) throws {
    let decoder = JSONDecoder()
    decoder.userInfo[WrittenPlan.cancellation] = isCancelled
    do {
      self = try decoder.decode(WrittenPlan.self, from: Data(log)).plan
    } catch let error as DecodingError {
      throw FixError(
        kind: .malformedLog,
        message:
          "This is no log of a fix: \(Self.words(error)). Send the log as the fix answered it.")
    }
  }

  private static func words(_ error: DecodingError) -> String {
    func place(_ path: [any CodingKey]) -> String {
      path.reduce(into: "") { text, key in
        if let index = key.intValue {
          text += "[\(index)]"
        } else {
          text += (text.isEmpty ? "" : ".") + key.stringValue
        }
      }
    }
    switch error {
    case .keyNotFound(let key, let context):
      return "\(place(context.codingPath + [key])) is missing"
    // Of a number that does not fit, the decoder does not say where it is.
    case .dataCorrupted(let context) where context.codingPath.isEmpty:
      return "it is no JSON, or has a number that it cannot have"
    case .valueNotFound(_, let context), .typeMismatch(_, let context), .dataCorrupted(let context):
      let path = place(context.codingPath)
      return path.isEmpty ? "it is no JSON object" : "\(path) has a value that it cannot have"
    @unknown default: return "it is no JSON object"
    }
  }
}

/// A plan as it is read: its version first, as others may have another form, and its actions one by one.
private struct WrittenPlan: Decodable {
  static let cancellation = CodingUserInfoKey(rawValue: "isCancelled")!
  /// Actions that are read between two looks at whether to go on: some milliseconds.
  private static let actionsBetweenLooks = 1_000

  let plan: FixPlan

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: FixPlan.CodingKeys.self)
    let version = try fields.decode(Int.self, forKey: .version)
    guard version == FixPlan.currentVersion else { throw FixError(unknownVersion: version) }
    let isCancelled = decoder.userInfo[Self.cancellation] as? @Sendable () -> Bool
    var list = try fields.nestedUnkeyedContainer(forKey: .actions)
    var actions: [FixAction] = []
    while !list.isAtEnd {
      if actions.count % Self.actionsBetweenLooks == 0, isCancelled?() == true {
        throw AnalysisCancelled()
      }
      guard actions.count < FixOptions.maxActions else {
        throw FixError(
          kind: .tooManyActions,
          message:
            "The log has more than \(FixOptions.maxActions.grouped) actions: take them in parts.")
      }
      actions.append(try list.decode(FixAction.self))
    }
    plan = FixPlan(
      engineVersion: try fields.decode(String.self, forKey: .engineVersion),
      seed: try fields.decode(UInt64.self, forKey: .seed),
      strategy: try fields.decode(FixStrategy.self, forKey: .strategy),
      dataset: try fields.decode(FixPlan.Dataset.self, forKey: .dataset),
      flagColumn: try fields.decodeIfPresent(String.self, forKey: .flagColumn), actions: actions)
  }
}

extension FixAction {
  /// Writes the action as `JSONEncoder` does, its keys in ascending order.
  fileprivate func appendJSON(to output: inout [UInt8]) {
    output.append(UInt8(ascii: "{"))
    func add(_ key: String, _ text: String?) {
      guard let text else { return }
      output += "\"\(key)\":".utf8
      JSONText.appendString(text, to: &output)
      output.append(UInt8(ascii: ","))
    }
    add("column", column)
    add("detector", detector?.rawValue)
    if let duplicateOf { output += "\"duplicate_of\":\(duplicateOf),".utf8 }
    add("from", from)
    add("kind", kind.rawValue)
    add("reason", reason)
    output += "\"row\":\(row),".utf8
    if let score { output += "\"score\":\(score),".utf8 }
    add("to", to)
    output[output.count - 1] = UInt8(ascii: "}")
  }
}
