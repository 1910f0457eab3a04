import ArgumentParser
import Simulator

/// Which kinds of fault may occur, as people write it: names between commas, `all`, `none`, and `-name`
/// to leave one out. Read from left to right; a list that begins with `-name` leaves out of all.
struct FaultSelection: Hashable, CustomStringConvertible {
  var kinds: Set<FaultKind>

  static let all = FaultSelection(kinds: Set(FaultKind.allCases))

  init(kinds: Set<FaultKind>) { self.kinds = kinds }

  /// - Throws: a message that names what is wrong and what could be written instead.
  init(_ text: String) throws {
    kinds = text.hasPrefix("-") ? Self.all.kinds : []
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      switch item {
      case "all": kinds = Self.all.kinds
      case "none": kinds = []
      case _ where item.hasPrefix("-"): kinds.remove(try Self.kind(String(item.dropFirst())))
      default: kinds.insert(try Self.kind(String(item)))
      }
    }
  }

  private static func kind(_ name: String) throws -> FaultKind {
    if let kind = FaultKind(rawValue: name) { return kind }
    let problem = name.isEmpty ? "a name is missing" : "there is no fault '\(name)'"
    let names = FaultKind.allCases.map(\.rawValue).joined(separator: ", ")
    throw ValidationError("\(problem); known are all, none, \(names).")
  }

  /// The shortest way to write it.
  var description: String {
    let chosen = FaultKind.allCases.filter(kinds.contains)
    let others = FaultKind.allCases.filter { !kinds.contains($0) }
    if chosen.isEmpty { return "none" }
    if others.count < chosen.count {
      return (["all"] + others.map { "-\($0.rawValue)" }).joined(separator: ",")
    }
    return chosen.map(\.rawValue).joined(separator: ",")
  }

  /// All names with what they mean, a line each.
  static var table: String {
    let width = FaultKind.allCases.map(\.rawValue.count).max() ?? 0
    return FaultKind.allCases.map { kind in
      let padding = String(repeating: " ", count: width - kind.rawValue.count)
      return "  \(kind.rawValue)\(padding)  \(kind.summary)"
    }.joined(separator: "\n")
  }
}
