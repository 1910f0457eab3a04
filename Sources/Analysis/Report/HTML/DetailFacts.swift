import Foundation

/// JSON as it is read back from details, to be shown whatever they are.
private indirect enum Fact: Decodable {
  case text(String)
  case list([Fact])
  case object([Member])

  struct Member {
    let name: String
    let value: Fact
  }

  /// The decoder's ranks of members by name, `[String: Int]`, as JSON has no order of its own.
  static let ranks = CodingUserInfoKey(rawValue: "ranks")!

  init(from decoder: any Decoder) throws {
    if let members = try? [String: Fact](from: decoder) {
      let ranks = decoder.userInfo[Self.ranks] as? [String: Int] ?? [:]
      self = .object(
        members.sorted { (ranks[$0.key] ?? .max, $0.key) < (ranks[$1.key] ?? .max, $1.key) }
          .map { Member(name: $0.key, value: $0.value) })
    } else if let elements = try? [Fact](from: decoder) {
      self = .list(elements)
    } else {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        self = .text("–")
      } else if let flag = try? container.decode(Bool.self) {
        self = .text(flag ? "yes" : "no")
      } else if let whole = try? container.decode(Int.self) {
        self = .text(whole.grouped)
      } else if let number = try? container.decode(Double.self) {
        self = .text(number.shown(4))
      } else {
        self = .text(try container.decode(String.self))
      }
    }
  }

  /// In a line.
  var line: String {
    switch self {
    case .text(let text): text
    case .list(let elements):
      elements.prefix(8).map(\.line).joined(separator: " · ")
        + (elements.count > 8 ? " · … (\(elements.count - 8) more)" : "")
    case .object(let members):
      members.filter { !$0.value.isEmpty && !$0.value.isTable }
        .map { "\($0.name.spaced) \($0.value.line)" }.joined(separator: ", ")
    }
  }

  /// Whether there is nothing to tell: an empty list, or no more than zeros.
  var isEmpty: Bool {
    switch self {
    case .text(let text): text == "0"
    case .list(let elements): elements.isEmpty
    case .object(let members): members.allSatisfy { $0.value.isEmpty }
    }
  }
}

extension HTMLText {
  /// Objects of a list that are shown.
  private static let entryLimit = 20

  /// Details as names and values, and lists of objects as tables, in the order of their type.
  mutating func facts(of details: any DetectorDetails) {
    let type = type(of: details)
    let decoder = JSONDecoder()
    decoder.userInfo[Fact.ranks] = (try? ValueShape(of: type))?.propertyRanks
    guard let json = try? JSONEncoder().encode(details),
      case .object(let members)? = try? decoder.decode(Fact.self, from: json)
    else { return }
    let shown = members.filter { !$0.value.isEmpty }
    let tables = shown.filter { $0.value.isTable }
    let others = shown.filter { !$0.value.isTable }
    if !others.isEmpty {
      markup("<dl>")
      for member in others {
        element("dt", member.name.spaced)
        markup("<dd>")
        value(member.value.line, limit: 400)
        if let meaning = type.meanings[member.name] { element("div", ["class": "dim"], meaning) }
        markup("</dd>")
      }
      markup("</dl>")
    }
    for member in tables {
      guard case .list(let entries) = member.value else { continue }
      table(of: entries, meaning: type.meanings[member.name] ?? member.name.spaced)
    }
  }

  private mutating func table(of entries: [Fact], meaning: String) {
    let objects = entries.compactMap { entry -> [Fact.Member]? in
      if case .object(let members) = entry { members } else { nil }
    }
    // A member that is nowhere to be seen is no column; the fullest entry tells the order.
    let fullest = objects.max { $0.count < $1.count } ?? []
    let others = Set(objects.joined().map(\.name)).subtracting(fullest.map(\.name)).sorted()
    let names = fullest.map(\.name) + others
    let shown = objects.prefix(Self.entryLimit)
    table(
      caption: meaning
        + (shown.count < objects.count
          ? " \(shown.count) of \(objects.count.grouped) are shown." : ""),
      columns: names.map { .text($0.spaced) })
    for entry in shown {
      markup("<tr>")
      for name in names { valueCell(entry.first { $0.name == name }?.value.line ?? "") }
      markup("</tr>")
    }
    endTable()
  }
}

extension Fact {
  fileprivate var isTable: Bool {
    guard case .list(let elements) = self, case .object? = elements.first else { return false }
    return true
  }
}

extension String {
  /// A name of the JSON in words.
  var spaced: String { split(separator: "_").joined(separator: " ") }
}
