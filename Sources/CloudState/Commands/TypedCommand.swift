/// A command together with the type of its success, so that a caller needs no `switch`:
///
///     let reservation = try outcome.value(of: ReserveRows.self)
public protocol TypedCommand: Sendable {
  /// What an accepted command of this type yields.
  associatedtype Success: Sendable
  /// The command to put into an envelope.
  var command: Command { get }
  /// The success out of an effect; nothing if the effect is of another command.
  static func success(of effect: Effect) -> Success?
}

/// The outcome belongs to another kind of command than the one asked for: a bug of the caller.
public struct MismatchedOutcome: Error, CustomStringConvertible {
  /// What to look for.
  public let description: String
}

extension Outcome {
  /// The success of a command of the given type.
  ///
  /// - Throws: The ``Rejection``, if there was one, or ``MismatchedOutcome``.
  public func value<Payload: TypedCommand>(of type: Payload.Type) throws -> Payload.Success {
    let effect = try get()
    guard let success = Payload.success(of: effect) else {
      throw MismatchedOutcome(description: "expected the outcome of \(type), found \(effect)")
    }
    return success
  }
}

extension InitializeCluster: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .initializeCluster(self) }
  /// The cluster's identity, old or new.
  public static func success(of effect: Effect) -> ClusterIdentity? {
    if case .clusterInitialized(let identity) = effect { identity } else { nil }
  }
}

extension RegisterAdminToken: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .registerAdminToken(self) }
  /// The member whose token is now valid.
  public static func success(of effect: Effect) -> String? {
    if case .adminTokenRegistered(let memberName) = effect { memberName } else { nil }
  }
}

extension CreateUser: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .createUser(self) }
  /// The user and, if asked for, the workspace.
  public static func success(of effect: Effect) -> (user: User, workspace: Workspace?)? {
    if case .userCreated(let user, let workspace) = effect { (user, workspace) } else { nil }
  }
}

extension CreateWorkspace: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .createWorkspace(self) }
  /// The workspace.
  public static func success(of effect: Effect) -> Workspace? {
    if case .workspaceCreated(let workspace) = effect { workspace } else { nil }
  }
}

extension AddMember: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .addMember(self) }
  /// The member, and whether the user is new.
  public static func success(of effect: Effect) -> (member: Member, isNewUser: Bool)? {
    if case .memberAdded(let member, let isNewUser) = effect { (member, isNewUser) } else { nil }
  }
}

extension ChangeRole: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .changeRole(self) }
  /// The membership as it now is.
  public static func success(of effect: Effect) -> Membership? {
    if case .roleChanged(let membership) = effect { membership } else { nil }
  }
}

extension RemoveMember: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .removeMember(self) }
  /// The membership as it was.
  public static func success(of effect: Effect) -> Membership? {
    if case .memberRemoved(let membership) = effect { membership } else { nil }
  }
}

extension CreateAPIKey: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .createAPIKey(self) }
  /// The key.
  public static func success(of effect: Effect) -> APIKey? {
    if case .apiKeyCreated(let key) = effect { key } else { nil }
  }
}

extension RevokeAPIKey: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .revokeAPIKey(self) }
  /// The key, with the time it was first revoked.
  public static func success(of effect: Effect) -> APIKey? {
    if case .apiKeyRevoked(let key) = effect { key } else { nil }
  }
}

extension ReserveRows: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .reserveRows(self) }
  /// The reservation.
  public static func success(of effect: Effect) -> Reservation? {
    if case .rowsReserved(let reservation) = effect { reservation } else { nil }
  }
}

extension SettleReservation: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .settleReservation(self) }
  /// The analysis as recorded.
  public static func success(of effect: Effect) -> AnalysisRecord? {
    if case .reservationSettled(let analysis) = effect { analysis } else { nil }
  }
}

extension ReleaseReservation: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .releaseReservation(self) }
  /// The reservation as it was.
  public static func success(of effect: Effect) -> Reservation? {
    if case .reservationReleased(let reservation) = effect { reservation } else { nil }
  }
}
