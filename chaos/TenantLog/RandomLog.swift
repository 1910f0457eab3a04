import CloudState
import Raft

/// A random log of the tenants' service: commands of all kinds, sensible and hopeless ones, repetitions
/// and garbage, with stamps that mostly rise. The same for the same seed, on every machine.
public struct RandomLog: Sendable {
  /// What was made so far, in the order of the log. An empty entry has no command.
  public private(set) var entries: [[UInt8]] = []
  /// How many of the entries were made as commands.
  public private(set) var commands = 0

  var random: RandomSource
  /// The proposers' clock: a minute and a half for each entry, so that a few thousand pass midnight, the
  /// end of a month and the ends of all that expires.
  private(set) var clock = Timestamp(milliseconds: 1_782_820_800_000)
  // What was asked for lately, which has a chance to be there.
  var users = Recent<Int>(limit: 40)
  var maker: UserID?
  var workspaces = Recent<WorkspaceID>(limit: 40)
  var members = Recent<(workspace: WorkspaceID, user: UserID)>(limit: 16)
  var keys = Recent<(workspace: WorkspaceID, id: APIKeyID)>(limit: 8)
  var invitations = Recent<(workspace: WorkspaceID, id: InvitationID, token: SecretHash)>(limit: 8)
  var sessions = Recent<SessionID>(limit: 8)
  var signingKeys = Recent<String>(limit: 3)
  var resets = Recent<SecretHash>(limit: 8)
  var verifications = Recent<(session: SessionID, token: SecretHash)>(limit: 8)
  var openReservations = Recent<(workspace: WorkspaceID, id: ReservationID)>(limit: 4)
  var reservations = 0
  var leases = 0

  /// An empty log. It begins on the last of June 2026, at noon.
  public init(seed: UInt64) {
    random = RandomSource(seed: seed)
  }

  /// The first entries of a seed's log.
  public static func entries(
    seed: UInt64, count: Int
  ) throws(UnwritableCommand) -> [[UInt8]] {
    var log = RandomLog(seed: seed)
    while log.entries.count < count { try log.addEntry() }
    return log.entries
  }

  /// Makes one more entry.
  public mutating func addEntry() throws(UnwritableCommand) {
    switch number(below: 24) {
    case 0:
      entries.append([])
    case 1:
      entries.append((0..<number(below: 40)).map { _ in UInt8(truncatingIfNeeded: random.next()) })
    case 2 where !entries.isEmpty:
      entries.append(damaged(entries[number(below: entries.count)]))
    case 3 where !entries.isEmpty:
      add(entries[number(below: entries.count)])
    case 4, 5:
      guard let latest = latestCommand() else { return try addCommand() }
      try addRepetition(of: latest)
    default:
      try addCommand()
    }
  }

  // MARK: Entries

  private mutating func add(_ entry: [UInt8]) {
    if CommandEnvelope(decoding: entry) != nil { commands += 1 }
    entries.append(entry)
  }

  private mutating func addCommand() throws(UnwritableCommand) {
    clock = clock.adding(milliseconds: Int64(number(below: 200_000)) - 20_000)
    let command = command()
    let envelope = CommandEnvelope(
      requestID: requestID(), stampedAt: clock, actor: actor(of: command),
      retention: happens(8) ? .idempotencyKey : .retry, origin: origin(),
      fingerprint: happens(2) ? fingerprint() : nil, salt: happens(2) ? salt() : nil,
      signingKeyID: happens(40) ? latest(signingKeys) { _ in "none" } : nil, command: command)
    add(try envelope.encoded())
  }

  /// The same request once more: to the byte, by another proposer, or as a caller who has something else
  /// in mind.
  private mutating func addRepetition(
    of envelope: CommandEnvelope
  ) throws(UnwritableCommand) {
    var envelope = envelope
    if happens(2) { envelope.stampedAt = clock }
    if happens(4) { envelope.salt = salt() }
    if happens(4) {
      envelope.command = command()
      if happens(2) { envelope.fingerprint = fingerprint() }
    }
    add(try envelope.encoded())
  }

  private mutating func latestCommand() -> CommandEnvelope? {
    let latest = entries.suffix(12)
    guard !latest.isEmpty else { return nil }
    return CommandEnvelope(decoding: latest[latest.startIndex + number(below: latest.count)])
  }

  private mutating func damaged(_ entry: [UInt8]) -> [UInt8] {
    guard !entry.isEmpty else { return entry }
    var damaged = entry
    damaged[number(below: damaged.count)] ^= 1 << UInt8(number(below: 8))
    // A stamp far ahead would set the state's clock for good, and nothing would be in the future of what
    // comes after.
    let isAhead = CommandEnvelope(decoding: damaged).map { clock < $0.stampedAt } ?? false
    return isAhead ? [] : damaged
  }

  private mutating func command() -> Command {
    var place = number(below: Self.weights)
    for kind in CommandKind.allCases {
      if place < kind.weight { return command(of: kind) }
      place -= kind.weight
    }
    preconditionFailure("the weights add up to less than their sum")
  }

  private static let weights = CommandKind.allCases.reduce(0) { $0 + $1.weight }

  // MARK: Draws

  mutating func number(below bound: Int) -> Int {
    Int(random.next(below: UInt64(bound)))
  }

  /// One time in so many.
  mutating func happens(_ times: Int) -> Bool { number(below: times) == 0 }

  /// One of the latest, most of the time.
  mutating func latest<Element>(
    _ recent: Recent<Element>, or other: (inout RandomLog) -> Element
  ) -> Element {
    guard !recent.elements.isEmpty, !happens(8) else { return other(&self) }
    return pick(recent.elements)
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[number(below: elements.count)]
  }
}

/// The latest few of something.
struct Recent<Element: Sendable>: Sendable {
  private(set) var elements: [Element] = []
  private let limit: Int

  init(limit: Int) {
    self.limit = limit
  }

  mutating func add(_ element: Element) {
    elements.append(element)
    if elements.count > limit { elements.removeFirst() }
  }
}
