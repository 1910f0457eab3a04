import CloudAPI
import CloudState

extension AuditEntry: WireType {
  static let schema = Schema.object(
    "AuditEntry", "Who did what, to what, from where, and what came of it.",
    [
      .required("id", .count, "The entry's number; later ones are higher."),
      .required("at", .time, "When."),
      .optional(
        "workspace_id", .identifier(WorkspaceKind.self),
        "In which workspace; absent for what concerns a user or the cluster."),
      .required(
        "actor_kind", .word(AuditRecord.ActorKind.allCases.map(\.rawValue)), "What kind of actor."),
      .optional("actor_id", .text, "The key, user, operator or node; absent for nobody known."),
      .optional(
        "user_id", .identifier(UserKind.self),
        "The user, also where a key acted for one, or whose account was tried."),
      .required("action", .text, "What was done, such as `member.add`."),
      .required("target", .text, "To what."),
      .required("outcome", .word(AuditRecord.Outcome.allCases.map(\.rawValue)), "What came of it."),
      .optional("address", .text, "The client's network address."),
      .optional("request_id", .text, "The request's ID, by which it is found in the logs."),
    ])

  static var example: AuditEntry {
    AuditEntry(
      id: 4_711, at: Example.time, workspaceID: Example.workspace, actorKind: "user",
      actorID: Example.user, userID: Example.user, action: "member.add",
      target: "grace@example.org", outcome: "done", address: "192.0.2.7",
      requestID: Example.requestID)
  }
}
