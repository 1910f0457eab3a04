import CloudState
import Foundation
import TenantLog

/// Where a member first differs from the reference.
struct Difference: CustomStringConvertible {
  enum Kind: Equatable {
    /// The entry came to different outcomes.
    case outcome
    /// The rows differ after the entry, though every outcome so far was the same. They were last seen to
    /// be equal after so many entries.
    case rows(equalAfter: Int)
  }

  var member: String
  /// Counted from 1, like an index of the log.
  var entry: Int
  var kind: Kind
  var details: String

  var description: String {
    "member \(member) differs from the reference: " + details
  }

  /// The first difference between two members that have applied the same log; nothing if there is none.
  init?(between reference: MemberRun, and member: MemberRun, of log: [[UInt8]]) {
    let answered = zip(reference.outcomes, member.outcomes).enumerated()
      .first { $0.element.0 != $0.element.1 }
    let seen = zip(reference.marks, member.marks).first { $0 != $1 }?.0.entries
    self.member = member.plan.name
    switch (answered, seen) {
    case (nil, nil): return nil
    case (let (offset, outcomes)?, _) where seen.map({ offset < $0 }) ?? true:
      entry = offset + 1
      kind = .outcome
      details = """
        entry \(entry), \(Self.describe(log[offset])), came to
            \(Self.describe(outcome: outcomes.0))
          with the reference, and here to
            \(Self.describe(outcome: outcomes.1))
        """
    default:
      let seen = seen ?? log.count
      let equal = reference.marks.last { $0.entries < seen }?.entries ?? 0
      entry = seen
      kind = .rows(equalAfter: equal)
      details =
        equal == seen - 1
        ? "entry \(seen), \(Self.describe(log[seen - 1])), left other rows behind"
        : "the rows are the same after entry \(equal) and not after entry \(seen)"
    }
    if let life = member.plan.lives.first(where: { $0.life.part.contains(entry - 1) }) {
      details +=
        "\n  There it was applied in batches of \(life.life.batches.lowerBound) to "
        + "\(life.life.batches.upperBound), with locale \(life.surroundings.locale) and time zone "
        + life.surroundings.timeZone + "."
    }
  }

  private static func describe(_ entry: [UInt8]) -> String {
    guard let envelope = CommandEnvelope(decoding: entry) else { return "which has no command" }
    return "\(CommandKind(envelope.command).rawValue) by \(envelope.actor)"
  }

  private static func describe(outcome: [UInt8]) -> String {
    (try? Outcome(decoding: outcome)).map { "\($0)" } ?? "nothing"
  }
}
