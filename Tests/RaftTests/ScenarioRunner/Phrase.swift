@testable import Raft

/// A form of command. Its words stand for themselves, except `M` and `M's` (a member), `P` (a member or
/// `everyone`), `N` (a number) and `…` (one word or more).
struct Phrase: Sendable {
  enum Kind {
    /// Prepares what is to happen; nothing is expected below it.
    case arranges
    /// Makes something happen, or `nothing`.
    case drives
    /// Shows what there is.
    case shows
  }

  let form: [String]
  let kind: Kind
  let act: @Sendable (Stage, Arguments) throws -> Void

  init(_ kind: Kind, _ form: String, act: @escaping @Sendable (Stage, Arguments) throws -> Void) {
    self.kind = kind
    self.form = form.split(separator: " ").map(String.init)
    self.act = act
  }

  /// What stands in the places of the form, if the words have this form.
  func arguments(in words: [String]) -> Arguments? {
    let spare = words.count - form.count
    guard spare == 0 || (spare > 0 && form.contains("…")) else { return nil }
    var found: [String] = []
    var next = 0
    for place in form {
      let word = words[next]
      switch place {
      case "M" where MemberID(letter: word) != nil: found.append(word)
      case "P" where word == "everyone" || MemberID(letter: word) != nil: found.append(word)
      case "N" where Int(word).map({ $0 >= 0 }) == true: found.append(word)
      case "M's" where word.hasSuffix("'s") && MemberID(letter: String(word.dropLast(2))) != nil:
        found.append(String(word.dropLast(2)))
      case "…":
        found.append(words[next...next + spare].joined(separator: " "))
        next += spare
      case word where !["M", "M's", "P", "N"].contains(place): break
      default: return nil
      }
      next += 1
    }
    return Arguments(places: found)
  }
}

/// What stands in the places of a form, in their order.
struct Arguments {
  let places: [String]

  func member(_ i: Int) -> MemberID { MemberID(letter: places[i])! }
  /// Nil for `everyone`.
  func party(_ i: Int) -> MemberID? { MemberID(letter: places[i]) }
  func number(_ i: Int) -> Int { Int(places[i])! }
  func text(_ i: Int) -> String { places[i] }
  func words(_ i: Int) -> [String] { places[i].split(separator: " ").map(String.init) }
}

/// A command that makes no sense where it stands.
struct Refusal: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

extension MemberID {
  /// The first is `a`.
  init?(letter: String) {
    guard letter.utf8.count == 1, let byte = letter.utf8.first, (97...122).contains(byte) else {
      return nil
    }
    self.init(UInt64(byte - 96))
  }

  var letter: String { String(UnicodeScalar(UInt8(96 + rawValue))) }
}
