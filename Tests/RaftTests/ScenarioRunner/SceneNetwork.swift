@testable import Raft

/// What a scenario does to the links between members. A cut loses what is sent from then on; what is
/// under way already still arrives.
struct SceneNetwork {
  private struct Link: Hashable {
    let from: MemberID
    let to: MemberID
  }
  private struct Loss: Hashable {
    let from: MemberID?
    let to: MemberID?
    let kind: String
  }

  private var cut: Set<Link> = []
  private var slow: Set<Link> = []
  private var losses: Set<Loss> = []
  private var deaf: Set<MemberID> = []
  private var mute: Set<MemberID> = []
  /// While set, nobody else's campaign is heard.
  var onlyCandidate: MemberID?

  mutating func cut(_ from: MemberID, _ to: MemberID) { cut.insert(Link(from: from, to: to)) }
  mutating func slow(_ from: MemberID, _ to: MemberID) { slow.insert(Link(from: from, to: to)) }
  mutating func quicken(_ from: MemberID, _ to: MemberID) { slow.remove(Link(from: from, to: to)) }
  mutating func deafen(_ id: MemberID) { deaf.insert(id) }
  mutating func silence(_ id: MemberID) { mute.insert(id) }

  mutating func lose(_ kind: String, from: MemberID?, to: MemberID?) throws {
    guard Wording.kinds.contains(kind) else {
      throw Refusal(
        "no messages are called that: \(Wording.kinds.sorted().joined(separator: ", "))")
    }
    losses.insert(Loss(from: from, to: to, kind: kind))
  }

  func loses(_ message: Message) -> Bool {
    if let onlyCandidate, message.from != onlyCandidate {
      switch message.body {
      case .preVote, .vote: return true
      default: break
      }
    }
    if mute.contains(message.from) || deaf.contains(message.to) { return true }
    if cut.contains(Link(from: message.from, to: message.to)) { return true }
    let kind = Wording.kind(message.body)
    return losses.contains {
      $0.kind == kind && ($0.from ?? message.from) == message.from
        && ($0.to ?? message.to) == message.to
    }
  }

  func holds(_ message: Message) -> Bool {
    slow.contains(Link(from: message.from, to: message.to))
  }
}
