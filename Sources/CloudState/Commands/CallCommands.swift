/// Grants a node a part of a workspace's calls of the day, if the quota has any left: what is spent
/// and what is leased together never exceed the limit. By a node.
///
/// The closer the limit, the smaller the part, down to a single call, so that what lies unused at one
/// node is little of what another could use.
public struct LeaseCalls: Hashable, Sendable {
  /// Made by the proposer.
  public var id: CallLeaseID
  /// Whose calls.
  public var workspaceID: WorkspaceID
  /// The process that will spend them, for people who look.
  public var holder: String
  /// How many would be welcome, at least one. There may be fewer.
  public var wanted: Int64
  /// For how long, at most ``StateLimits/callLeaseLength``. A length and not an end: the state's clock
  /// may be ahead of the proposer's.
  public var milliseconds: Int64

  /// Proposes a lease.
  public init(
    id: CallLeaseID, workspaceID: WorkspaceID, holder: String, wanted: Int64, milliseconds: Int64
  ) {
    self.id = id
    self.workspaceID = workspaceID
    self.holder = holder
    self.wanted = wanted
    self.milliseconds = milliseconds
  }
}

extension LeaseCalls: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .leaseCalls(self) }
  /// What was granted.
  public static func success(of effect: Effect) -> CallGrant? {
    if case .callsLeased(let grant) = effect { grant } else { nil }
  }
}

/// Settles leases: the calls made count, the rest goes back. By a node.
///
/// A lease is settled once. One that has expired, or was returned before, is passed over: so a return
/// may be repeated as often as it takes to be sure.
public struct ReturnCalls: Hashable, Sendable {
  /// At most ``StateLimits/returnsAtOnce``.
  public var returns: [CallReturn]

  /// Proposes to settle leases.
  public init(_ returns: [CallReturn]) {
    self.returns = returns
  }
}

extension ReturnCalls: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .returnCalls(self) }
  /// How many leases were settled.
  public static func success(of effect: Effect) -> Int64? {
    if case .callsReturned(let count) = effect { count } else { nil }
  }
}
