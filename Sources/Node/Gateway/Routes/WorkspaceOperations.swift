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
    body: .json(CreateWorkspaceRequest.self),
    answers: .created(Workspace.self, "The workspace."),
    errors: [
      ErrorAnswer(
        .forbidden,
        "An API key needs the scope `manage`; plan, owner and wider limits need the admin token.")
    ])

  static let getWorkspace = Operation(
    "getWorkspace", .workspaces, "Show a workspace",
    answers: .ok(Workspace.self, "The workspace."))
}
