import CloudAPI

extension Operation {
  private static let format = Parameter.query(
    "format", .word("json", "ndjson"),
    "`json` (the default), or `ndjson`: an entry a line, and where the rest is in the header `Link`."
  )

  private static let entries = SuccessAnswer(
    status: 200, description: "A part of the log, newest first.",
    content: [
      .json(Page<AuditEntry>.self),
      Content(
        mediaType: "application/x-ndjson", schema: .bytes,
        example: .string(#"{"id":4711,"action":"member.add"}"#)),
    ], headers: [.link], isPage: true)

  static let listAuditEntries = Operation(
    "listAuditEntries", .workspaces, "Read the audit log",
    "What was changed in the workspace, what its members were denied there, and their logins, lock-outs, "
      + "resets and refresh tokens that came a second time, for 365 days. Calls that "
      + "were denied before anything was tried are `call.` and the operation; repetitions within an hour "
      + "are counted in `target`.",
    parameters: [format], answers: entries)

  static let listOwnAuditEntries = Operation(
    "listOwnAuditEntries", .auth, "Read what happened to one's account",
    "Logins and attempts that failed, lock-outs, refresh tokens that came a second time, passwords that "
      + "were changed or reset, and what else the caller did outside of workspaces, for 365 days.",
    parameters: [format], answers: entries)

  static let listClusterAuditEntries = Operation(
    "listClusterAuditEntries", .cluster, "Read the whole audit log",
    "What was changed anywhere in the cluster, who was denied what, and which attempts at accounts failed, "
      + "for 365 days.",
    parameters: [format], answers: entries)
}
