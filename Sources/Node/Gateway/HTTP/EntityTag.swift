import Crypto
import HTTPTypes

/// A name for a state of a resource (RFC 9110 §8.8.3).
struct EntityTag: Hashable, Sendable {
  /// What stands between the quotes.
  let opaque: String
  /// Whether it promises only that the states mean the same, not that their bytes are the same.
  let isWeak: Bool

  /// A strong tag of bytes: other bytes have another one.
  init(of body: [UInt8]) {
    // Half of the hash is enough to tell any two bodies apart that somebody did not look for.
    opaque = Random.hexadecimal(Array(SHA256.hash(data: body).prefix(16)))
    isWeak = false
  }

  fileprivate init(opaque: String, isWeak: Bool) {
    self.opaque = opaque
    self.isWeak = isWeak
  }
}

extension EntityTag: CustomStringConvertible {
  /// As headers have it.
  var description: String { (isWeak ? "W/" : "") + "\"\(opaque)\"" }
}

/// What a client requires of a resource's tag, in `If-Match` or `If-None-Match` (RFC 9110 §13.1).
enum EntityTagCondition: Hashable, Sendable {
  /// `*`: the resource exists, in whatever state.
  case any
  case oneOf([EntityTag])

  /// - Returns: Nothing if the header is not there.
  init?(_ headers: HTTPFields, _ name: HTTPField.Name) {
    // Several lines are one list (RFC 9110 §5.3).
    let lines = headers[values: name]
    guard !lines.isEmpty else { return nil }
    let text = lines.joined(separator: ",")
    self = text.trimmingSpaces() == "*" ? .any : .oneOf(Self.tags(in: text))
  }

  /// Whether the resource's tag is among them, weak or strong (RFC 9110 §8.8.3.2): right for reading
  /// again.
  func matchesWeakly(_ tag: EntityTag) -> Bool {
    switch self {
    case .any: true
    case .oneOf(let tags): tags.contains { $0.opaque == tag.opaque }
    }
  }

  /// Whether the resource's tag is among them, and strong: right for changing what one has read.
  func matchesStrongly(_ tag: EntityTag) -> Bool {
    switch self {
    case .any: true
    case .oneOf(let tags): !tag.isWeak && tags.contains(tag)
    }
  }

  /// The tags up to the first thing that is none. Commas may stand within one.
  private static func tags(in text: String) -> [EntityTag] {
    var tags: [EntityTag] = []
    var rest = text[...]
    while true {
      rest = rest.drop { $0 == " " || $0 == "\t" || $0 == "," }
      let isWeak = rest.hasPrefix("W/")
      if isWeak { rest = rest.dropFirst(2) }
      guard rest.first == "\"", let end = rest.dropFirst().firstIndex(of: "\"") else { return tags }
      tags.append(EntityTag(opaque: String(rest[..<end].dropFirst()), isWeak: isWeak))
      rest = rest[end...].dropFirst()
    }
  }
}

extension Answer {
  /// The answer to a read, with a tag of its body; without the body, if the client says that it has it
  /// (RFC 9110 §15.4.5).
  func conditional(on headers: HTTPFields) -> Answer {
    guard status == .ok else { return self }
    let tag = EntityTag(of: body)
    var answer = self
    answer.headers[.eTag] = tag.description
    // It may be kept by whom it was for, and is asked about each time.
    answer.headers[.cacheControl] = "private, no-cache"
    if let condition = EntityTagCondition(headers, .ifNoneMatch), condition.matchesWeakly(tag) {
      answer.status = .notModified
      answer.mediaType = nil
      answer.body = []
    }
    return answer
  }
}
