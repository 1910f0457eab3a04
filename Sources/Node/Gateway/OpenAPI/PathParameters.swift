import CloudState

extension Parameter {
  /// The parameters of a path. What one looks like its name says, or for `{id}` the collection that
  /// it is in.
  static func parameters(ofPath template: String) -> [Parameter] {
    let parts = template.split(separator: "/")
    return parts.indices.filter { parts[$0].hasPrefix("{") }.map { place in
      let name = String(parts[place].dropFirst().dropLast())
      let collection = place > parts.startIndex ? String(parts[place - 1]) : ""
      guard let (schema, description) = known(name, in: collection) else {
        preconditionFailure("say in PathParameters.swift what {\(name)} of \(template) looks like")
      }
      return Parameter(
        name: name, place: .path, schema: schema, description: description, isRequired: true)
    }
  }

  private static func known(
    _ name: String, in collection: String
  ) -> (Schema, description: String)? {
    switch (name, collection) {
    case ("id", "workspaces"): (.identifier(WorkspaceKind.self), "The workspace's ID.")
    case ("id", "sessions"): (.identifier(SessionKind.self), "The session's ID.")
    case ("invitation_id", _):
      (.identifier(InvitationKind.self), "The invitation's ID.")
    case ("id", "api-keys"): (.identifier(APIKeyKind.self), "The API key's ID.")
    case ("id", "users"), ("user_id", _): (.identifier(UserKind.self), "The user's ID.")
    case ("name", "plans"): (.planName, "The plan's name.")
    default: nil
    }
  }
}
