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
        "API keys make no workspaces; plan, owner and wider limits need the admin token."),
      ErrorAnswer(.notFound, "Nobody has registered with `owner_email`."),
    ])

  static let getWorkspace = Operation(
    "getWorkspace", .workspaces, "Show a workspace",
    answers: .ok(Workspace.self, "The workspace."))
}
