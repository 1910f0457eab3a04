#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// One line of the audit log: who did what, to what, from where, and what came of it.
public struct AuditEntry: Codable, Equatable, Sendable {
  /// The entry's number: later ones are higher.
  public var id: Int
  /// When.
  public var at: Date
  /// In which workspace; absent for what concerns a user or the cluster.
  public var workspaceID: String?
  /// `user`, `api_key`, `operator`, `node` or `anonymous`.
  public var actorKind: String
  /// The key, user, operator or node.
  public var actorID: String?
  /// The user, also where a key acted for one, or whose account was tried.
  public var userID: String?
  /// What was done, such as `member.add`.
  public var action: String
  /// To what.
  public var target: String
  /// `done` or `denied`.
  public var outcome: String
  /// The client's network address.
  public var address: String?
  /// The request's name in the nodes' logs.
  public var requestID: String?

  /// An entry as the API shows it.
  public init(
    id: Int, at: Date, workspaceID: String?, actorKind: String, actorID: String?, userID: String?,
    action: String, target: String, outcome: String, address: String?, requestID: String?
  ) {
    self.id = id
    self.at = at
    self.workspaceID = workspaceID
    self.actorKind = actorKind
    self.actorID = actorID
    self.userID = userID
    self.action = action
    self.target = target
    self.outcome = outcome
    self.address = address
    self.requestID = requestID
  }

  enum CodingKeys: String, CodingKey {
    case id, at, action, target, outcome, address
    case workspaceID = "workspace_id"
    case actorKind = "actor_kind"
    case actorID = "actor_id"
    case userID = "user_id"
    case requestID = "request_id"
  }
}
