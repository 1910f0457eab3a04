import Foundation

/// JSON as it is read back from details, to be shown whatever they are.
private indirect enum Fact: Decodable {
  case text(String)
  case list([Fact])
  case object([String: Fact])

  init(from decoder: any Decoder) throws {
    if let members = try? [String: Fact](from: decoder) {
      self = .object(members)
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
      members.sorted { $0.key < $1.key }.map { "\($0.key.spaced) \($0.value.line)" }
        .joined(separator: ", ")
    }
  }

  var isEmpty: Bool {
    switch self {
    case .text: false
    case .list(let elements): elements.isEmpty
    case .object(let members): members.isEmpty
    }
  }
}

extension HTMLText {
  /// Objects of a list that are shown.
  private static let entryLimit = 20

  /// Details as names and values, and lists of objects as tables.
  mutating func facts(of details: any DetectorDetails, meanings: [String: String]) {
    guard let json = try? JSONEncoder().encode(details),
      case .object(let members)? = try? JSONDecoder().decode(Fact.self, from: json)
    else { return }
    let ordered = members.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }
    let tables = ordered.filter { $0.value.isTable }
    let others = ordered.filter { !$0.value.isTable }
    if !others.isEmpty {
      markup("<dl>")
      for (name, fact) in others {
        element("dt", name.spaced)
        markup("<dd>")
        value(fact.line, limit: 400)
        markup("</dd>")
      }
      markup("</dl>")
    }
    for (name, fact) in tables {
      guard case .list(let entries) = fact else { continue }
      table(of: entries, meaning: meanings[name] ?? name.spaced)
    }
  }

  private mutating func table(of entries: [Fact], meaning: String) {
    let objects = entries.compactMap { entry -> [String: Fact]? in
      if case .object(let members) = entry { members } else { nil }
    }
    // What names an entry comes first.
    let names = Set(objects.flatMap(\.keys)).sorted {
      (($0.namesAnEntry ? 0 : 1), $0) < (($1.namesAnEntry ? 0 : 1), $1)
    }
    let shown = objects.prefix(Self.entryLimit)
    table(
      caption: meaning
        + (shown.count < objects.count
          ? " \(shown.count) of \(objects.count.grouped) are shown." : ""),
      columns: names.map { .text($0.spaced) })
    for entry in shown {
      markup("<tr>")
      for name in names { valueCell(entry[name]?.line ?? "") }
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
  fileprivate var spaced: String { split(separator: "_").joined(separator: " ") }

  fileprivate var namesAnEntry: Bool {
    ["column", "feature", "first", "group", "kind", "label", "name", "value"].contains(self)
  }
}
