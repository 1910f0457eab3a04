import CloudAPI

extension Operation {
  static let listWorkspaces = Operation(
    "listWorkspaces", .workspaces, "List workspaces",
    "The caller's, oldest first; all of them for the admin token. An API key has its own, for which "
      + "it needs `read`.",
    answers: .page(of: Workspace.self, "A part of the list."),
    errors: [ErrorAnswer(.forbidden, "The API key lacks `read`.")])

  static let createWorkspace = Operation(
    "createWorkspace", .workspaces, "Make a workspace",
    "An owner who is unknown becomes a user without a password, and comes in by resetting it. One who is "
      + "known must have proven that the address is theirs. A user makes up to five of the free plan, and in "
      + "the long run ten a day, however many are deleted.",
    body: .json(CreateWorkspaceRequest.self),
    answers: .created(Workspace.self, "The workspace."),
    errors: [
      ErrorAnswer(
        .forbidden,
        "API keys make no workspaces; plan, owner and wider limits need the admin token."),
      ErrorAnswer(
        .conflict,
        "The user has made as many workspaces of the free plan as one may; or it is not proven that the "
          + "owner's address is that user's."),
    ])

  static let getWorkspace = Operation(
    "getWorkspace", .workspaces, "Show a workspace",
    answers: .ok(Workspace.self, "The workspace."))

  static let updateWorkspace = Operation(
    "updateWorkspace", .workspaces, "Change a workspace",
    "A limit below what is used stops new use and takes nothing away. With another plan, limits wider "
      + "than it go back to it.",
    parameters: [.ifMatch],
    body: .json(UpdateWorkspaceRequest.self),
    answers: .ok(Workspace.self, "The workspace as it now is."),
    errors: [
      ErrorAnswer(
        .forbidden, "The credential lacks `permission`; plan and wider limits need the admin token."
      ),
      ErrorAnswer(.preconditionFailed),
    ])

  static let deleteWorkspace = Operation(
    "deleteWorkspace", .workspaces, "Delete a workspace",
    "It is gone at once, with its keys, reports, usage and log; its users stay.",
    parameters: [.ifMatch],
    answers: .noContent("The workspace is gone."),
    errors: [ErrorAnswer(.preconditionFailed)])
}
