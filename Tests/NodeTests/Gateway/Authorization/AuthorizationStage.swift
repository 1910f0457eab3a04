import CloudAPI
import CloudState
import Foundation
import Testing

@testable import NodeGateway

/// Workspaces and users on a node, and calls by any of them of any operation of its document.
struct AuthorizationStage {
  /// A workspace with a member for each role, and things in it that calls can name.
  struct Tenant {
    var workspace: String
    var user: String
    var key: String
  }

  private struct Person {
    var email: String
    var id: String
    var token: String
  }

  /// A call cannot be made because nobody said what to send.
  struct NoSample: Error {
    var reason: String
  }

  let node: TestGateway
  let home: Tenant
  let elsewhere: Tenant
  private let proposer: Proposer
  private let people: [String: Person]
  private var keys: [String: String] = [:]

  init(_ node: TestGateway) async throws {
    self.node = node
    proposer = Proposer(member: node.cluster, registry: .init())
    var people: [String: Person] = [:]
    for name in ContractRights.roles + ["stranger", "bystander", "outsider"] {
      let made = try await node.registerProven(name)
      people[name] = Person(
        email: made.user.email, id: made.user.id, token: made.tokens.accessToken)
    }
    self.people = people
    home = try await Self.tenant(people, proposer)
    elsewhere = try await Self.tenant(
      people.filter { $0.key == "outsider" }, proposer, owner: "outsider")
    for caller in ContractCaller.everybody {
      keys[caller.description] = try await key(of: caller, in: home)
    }
  }

  // MARK: Tenants

  private static func tenant(
    _ people: [String: Person], _ proposer: Proposer, owner: String = "owner"
  ) async throws -> Tenant {
    func person(_ name: String) throws -> Person { try #require(people[name]) }
    let workspace = try await proposer.propose(
      CreateWorkspace(
        workspace: NewWorkspace(id: .random(), name: "Stage", planID: .enterprise),
        owner: .email(person(owner).email, newID: nil)),
      by: .operator(name: "clean-0"))
    for role in ContractRights.roles.dropFirst() + ["bystander"]
    where role != owner && people[role] != nil {
      _ = try await proposer.propose(
        AddMember(
          workspaceID: workspace.id,
          user: NewUser(id: .random(), email: person(role).email, name: "", passwordHash: nil),
          role: CloudState.Role(rawValue: role) ?? .viewer),
        by: .operator(name: "clean-0"))
    }
    // A key that does no more than any caller who may rotate it.
    let user = try person(owner == "owner" ? "bystander" : owner).id
    let spare = APIKeySecret(from: RequestSeed())
    _ = try await proposer.propose(
      CreateAPIKey(
        id: spare.id, workspaceID: workspace.id,
        userID: UserID(rawValue: user), name: "spare", scopes: .manage,
        secretHash: spare.hash),
      by: .operator(name: "clean-0"))
    return Tenant(
      workspace: workspace.id.rawValue, user: user,
      key: spare.id.rawValue)
  }

  /// A key as a caller shows it; nothing for callers without one.
  private func key(of caller: ContractCaller, in tenant: Tenant) async throws -> String? {
    guard let role = caller.role, let user = people[role] else { return nil }
    var scopes = Scopes.all
    switch caller.proof {
    case .key(let names): scopes = try #require(Scopes(names: names))
    case .expiredKey, .revokedKey: break
    case .nothing, .accessToken, .adminToken: return nil
    }
    let secret = APIKeySecret(from: RequestSeed())
    var command = CreateAPIKey(
      id: secret.id, workspaceID: WorkspaceID(rawValue: tenant.workspace),
      userID: UserID(rawValue: user.id), name: "\(caller.proof)", scopes: scopes,
      secretHash: secret.hash)
    if caller.proof == .expiredKey { command.expiresAt = Timestamp.now().adding(milliseconds: 200) }
    let made = try await proposer.propose(command, by: .operator(name: "clean-0"))
    if let expiry = made.expiresAt {
      while Timestamp.now() < expiry { await Task.yield() }
    }
    if caller.proof == .revokedKey {
      _ = try await proposer.propose(
        RevokeAPIKey(workspaceID: command.workspaceID, id: secret.id),
        by: .operator(name: "clean-0"))
    }
    return secret.text
  }

  // MARK: Calls

  /// Calls an operation about `home`, or about a workspace that is not the caller's.
  func call(
    _ operation: DescribedOperation, by caller: ContractCaller, isForeign: Bool
  ) async throws -> TestAnswer {
    try await call(
      operation, caller, about: isForeign ? elsewhere : home,
      key: keys[caller.description])
  }

  /// Calls an operation about a workspace that nobody else uses, so that it may change it.
  func callOnce(
    _ operation: DescribedOperation, by caller: ContractCaller
  ) async throws -> TestAnswer {
    let tenant = try await Self.tenant(people, proposer)
    return try await call(
      operation, caller, about: tenant, key: try await key(of: caller, in: tenant))
  }

  private func call(
    _ operation: DescribedOperation, _ caller: ContractCaller, about tenant: Tenant, key: String?
  ) async throws -> TestAnswer {
    try await request(operation, caller, about: tenant, key: key).send(to: node)
  }

  /// A call that can be made more than once, or with something changed.
  struct Request {
    var method: String
    var path: String
    var token: String?
    var headers: [String: String] = [:]
    var body: String?

    func send(to node: TestGateway) async throws -> TestAnswer {
      try await node.call(
        method, path, token: token, headers: headers, body: body.map { Array($0.utf8) })
    }
  }

  /// What ``callOnce(_:by:)`` would send.
  func request(
    _ operation: DescribedOperation, by caller: ContractCaller
  ) async throws -> Request {
    let tenant = try await Self.tenant(people, proposer)
    return try await request(
      operation, caller, about: tenant, key: try await key(of: caller, in: tenant))
  }

  private func request(
    _ operation: DescribedOperation, _ caller: ContractCaller, about tenant: Tenant, key: String?
  ) async throws -> Request {
    let token: String?
    var shown: String?
    switch caller.proof {
    case .nothing: token = nil
    case .adminToken: token = TestGateway.adminToken
    case .accessToken:
      // What ends sessions gets some that nothing else needs.
      switch operation.id {
      case "logOut": token = try await logIn(caller).accessToken
      case "changePassword", "requestEmailVerification":
        token = try await passerby().accessToken
      case "confirmEmailVerification":
        let tokens = try await passerby()
        token = tokens.accessToken
        shown = try await verification(of: tokens)
      default: token = people[caller.role ?? "stranger"]?.token
      }
    case .key, .expiredKey, .revokedKey: token = key
    }
    var path = try await path(of: operation, by: caller, about: tenant)
    if namesWorkspaceInQuery(operation) { path += "?workspace_id=\(tenant.workspace)" }
    if operation.id == "checkPermission" { path += "&permission=read" }
    var request = Request(method: operation.method, path: path, token: token)
    if let shown {
      request.headers["Content-Type"] = "application/json"
      request.body = #"{"token": "\#(shown)"}"#
    } else if let (type, body) = try await body(of: operation, by: caller, about: tenant, key: key)
    {
      request.headers["Content-Type"] = type
      request.body = body
    }
    return request
  }

  /// Whether a call of the operation can be about one workspace or another.
  func concernsWorkspace(_ operation: DescribedOperation) -> Bool {
    namesWorkspaceInQuery(operation) || operation.template.contains("{")
      || bodySchema(of: operation)?["properties"]?["workspace_id"] != nil
  }

  private func namesWorkspaceInQuery(_ operation: DescribedOperation) -> Bool {
    (operation.description["parameters"]?.elements ?? []).contains { parameter in
      let target = parameter["$ref"].flatMap(node.contract.document.resolve) ?? parameter
      return target["name"] == .string("workspace_id")
    }
  }

  private func bodySchema(of operation: DescribedOperation) -> JSONValue? {
    let schema = operation.description["requestBody"]?["content"]?["application/json"]?["schema"]
    return schema?["$ref"].flatMap(node.contract.document.resolve) ?? schema
  }

  private func invite(into tenant: Tenant) async throws -> (id: InvitationID, token: String) {
    let token = OneTimeToken(.invitation, from: RequestSeed())
    let made = try await proposer.propose(
      Invite(
        id: .random(), workspaceID: WorkspaceID(rawValue: tenant.workspace),
        email: "\(UUID().uuidString.prefix(8))@example.org", role: .viewer, tokenHash: token.hash),
      by: .operator(name: "clean-0"))
    return (made.id, token.text)
  }

  /// Tokens of a user whom nobody else needs, with the password `long enough`.
  private func passerby() async throws -> Tokens {
    let answer = try await node.post(
      "/api/v1/auth/register",
      #"{"email": "\#(UUID().uuidString.prefix(8))@example.org", "password": "long enough"}"#)
    return try answer.decode(Registration.self).tokens
  }

  /// What proves the address of a user who has just registered.
  private func verification(of tokens: Tokens) async throws -> String {
    let token = OneTimeToken(.emailVerification, from: RequestSeed())
    _ = try await proposer.propose(
      RequestEmailVerification(tokenHash: token.hash),
      by: .session(SessionID(rawValue: try session(tokens))))
    return token.text
  }

  /// Tokens of a new session of the caller.
  private func logIn(_ caller: ContractCaller) async throws -> Tokens {
    try await logIn(caller.role ?? "stranger")
  }

  private func logIn(_ name: String) async throws -> Tokens {
    let answer = try await node.post(
      "/api/v1/auth/login",
      #"{"email": "\#(name)@example.org", "password": "password-\#(name)"}"#)
    return try answer.decode(Tokens.self)
  }

  private func session(_ tokens: Tokens) throws -> String {
    "ses_\(try #require(tokens.refreshToken).split(separator: "_")[1])"
  }

  private func path(
    of operation: DescribedOperation, by caller: ContractCaller, about tenant: Tenant
  ) async throws -> String {
    var parts: [String] = []
    for part in operation.template.split(separator: "/") {
      switch (part, parts.last) {
      case ("{id}", "workspaces"): parts.append(tenant.workspace)
      case ("{id}", "api-keys"): parts.append(tenant.key)
      case ("{invitation_id}", _):
        parts.append(try await invite(into: tenant).id.rawValue)
      case ("{id}", "sessions"):
        let isForeign = tenant.workspace == elsewhere.workspace
        parts.append(
          try session(isForeign ? try await logIn("bystander") : try await logIn(caller)))
      case ("{id}", "users"), ("{user_id}", _): parts.append(tenant.user)
      case ("{name}", "plans"): parts.append("stage")
      case (let part, _) where part.hasPrefix("{"):
        throw NoSample(reason: "say in AuthorizationStage.path what \(part) can be")
      default: parts.append(String(part))
      }
    }
    return "/" + parts.joined(separator: "/")
  }

  private func body(
    of operation: DescribedOperation, by caller: ContractCaller, about tenant: Tenant,
    key: String?
  ) async throws -> (type: String, body: String)? {
    let json = "application/json"
    let owner = try #require(people["owner"])
    switch operation.id {
    case "register":
      let email = "\(UUID().uuidString.prefix(8))@example.org"
      return (json, #"{"email": "\#(email)", "password": "long enough"}"#)
    case "logIn":
      return (json, #"{"email": "\#(owner.email)", "password": "password-owner"}"#)
    case "refreshTokens":
      let token = try #require(try await logIn(caller).refreshToken)
      return (json, #"{"refresh_token": "\#(token)"}"#)
    case "logOut": return nil
    case "changePassword":
      return (
        json, #"{"current_password": "long enough", "new_password": "longer than that"}"#
      )
    case "requestPasswordReset": return (json, #"{"email": "\#(owner.email)"}"#)
    case "confirmPasswordReset":
      let token = OneTimeToken(.passwordReset, from: RequestSeed())
      let bystander = try #require(people["bystander"])
      _ = try await proposer.propose(
        RequestPasswordReset(
          subject: .user(UserID(rawValue: bystander.id)), tokenHash: token.hash),
        by: .operator(name: "clean-0"))
      return (json, #"{"token": "\#(token.text)", "password": "password-bystander"}"#)
    case "confirmEmailVerification": return (json, #"{"token": "clv_0"}"#)
    case "createInvitation":
      let email = "\(UUID().uuidString.prefix(8))@example.org"
      return (json, #"{"email": "\#(email)", "role": "viewer"}"#)
    case "acceptInvitation":
      let token = try await invite(into: tenant).token
      return (json, #"{"token": "\#(token)", "password": "long enough"}"#)
    case "createWorkspace":
      let place = caller.standing == .operator ? #", "owner_email": "\#(owner.email)""# : ""
      return (json, #"{"name": "New"\#(place)}"#)
    case "createAPIKey":
      // A key makes no key that may do more than itself.
      return (
        json, #"{"workspace_id": "\#(tenant.workspace)", "name": "New", "scopes": ["manage"]}"#
      )
    case "validateAPIKey": return (json, #"{"key": "\#(key ?? "clk_0_0")"}"#)
    case "updateWorkspace": return (json, #"{"name": "Other"}"#)
    case "addMember":
      let email = "\(UUID().uuidString.prefix(8))@example.org"
      return (json, #"{"email": "\#(email)", "role": "viewer"}"#)
    case "changeRole": return (json, #"{"role": "analyst"}"#)
    case "transferLeadership", "rotateAPIKey", "rotateSigningKey": return nil
    case "checkQuota":
      return (json, #"{"workspace_id": "\#(tenant.workspace)", "metric": "rows", "count": 1}"#)
    case "definePlan": return (json, #"{"retention_days": 30, "features": ["all"]}"#)
    case "analyze", "fix": return ("text/csv", "a,b\n1,2\n")
    default:
      guard operation.description["requestBody"] == nil else {
        throw NoSample(reason: "say in AuthorizationStage.body what \(operation.id) is sent")
      }
      return nil
    }
  }
}
