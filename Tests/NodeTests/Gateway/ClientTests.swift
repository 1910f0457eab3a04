import CloudAPI
import CloudClient
import Foundation
import NodeGateway
import Testing

/// The Swift client against a node.
@Suite struct ClientTests {
  /// Pages for browsers; the client has the document that they show.
  private static let forBrowsers: Set = ["getDocs", "getDocsStyle", "getDocsScript"]

  /// A tenant's life, through every function of the client: each operation that the API's document
  /// has must have been called by then, and answered well.
  @Test func clientHasEveryOperation() async throws {
    let log = RecordedLog()
    let sink = try MailSink()
    defer { sink.stop() }
    try await TestGateway.run(
      { $0.mailer = MailerOptions(url: sink.url) }, logger: log.logger(.debug)
    ) { node in
      let client = try CloudClient(endpoints: ["http://127.0.0.1:\(node.port)"])
      do {
        try await Self.live(with: client, mail: sink)
        await client.shutdown()
      } catch {
        await client.shutdown()
        throw error
      }
      let answered = Set(
        log.requests.filter { ["200", "201", "202", "204"].contains($0.metadata["status"]) }
          .map { "\($0.metadata["method"] ?? "") \($0.metadata["route"] ?? "")" })
      for operation in node.contract.operations where !Self.forBrowsers.contains(operation.id) {
        #expect(
          answered.contains("\(operation.method) \(operation.template)"),
          "the client does not have \(operation.id)")
      }
    }
  }

  /// The node says that it does not know whether the key was made; it was.
  @Test func answerThatWasLostIsHadByTheRetry() async throws {
    try await TestGateway.run { node in
      let token = try await node.register("ada").tokens.accessToken
      let client = try CloudClient(
        endpoints: ["http://127.0.0.1:\(node.port)"], token: token,
        retries: RetryPolicy(deadline: .seconds(600)))
      do {
        node.cluster.loseAnswer(after: 0)
        let made = try await client.createAPIKey(CreateAPIKeyRequest(name: "ci", scopes: [.read]))
        #expect(try await client.apiKeys().all().map(\.id) == [made.apiKey.id])
        #expect(try await client.with(token: made.key).authenticate().keyID == made.apiKey.id)
        await client.shutdown()
      } catch {
        await client.shutdown()
        throw error
      }
    }
  }

  private static func live(with client: CloudClient, mail: MailSink) async throws {
    #expect(try await client.serviceInfo().service == "clean-cloud")
    try await client.liveness()
    #expect(await client.readiness().map(\.ready) == [true])
    #expect(try await client.metrics().contains("clean_"))
    #expect(try JSONSerialization.jsonObject(with: await client.openAPIDocument()) is [String: Any])

    let admin = client.with(token: TestGateway.adminToken)
    let owner = try await register(with: client, mail: mail)
    let workspace = try await admin.createWorkspace(
      CreateWorkspaceRequest(name: "Lab", plan: "professional", ownerEmail: "ada@example.org"))
    try await lookAround(with: owner, in: workspace)
    let analyst = try await gatherTeam(
      with: owner, in: workspace, operator: admin, mail: mail)
    try await useKeys(with: owner, in: workspace, for: analyst, operator: admin)
    try await operate(with: admin)
    try await owner.deleteWorkspace(workspace.id)
    try await owner.logout(everywhere: true)
    await #expect(throws: CloudError.self) { try await owner.authenticate() }
  }

  /// Registers, and has its password and sessions in hand.
  private static func register(
    with client: CloudClient, mail: MailSink
  ) async throws -> CloudClient {
    let registration = try await client.register(
      RegisterRequest(email: "ada@example.org", password: "analytical"))
    #expect(registration.user.emailVerified == false)
    let first = client.with(token: registration.tokens.accessToken)
    try await first.requestEmailVerification()
    for _ in 1...2 {
      let mail = try #require(try await mail.next("email_verification"))
      #expect(try mail.field("to") == "ada@example.org")
      guard try await first.authenticate().user?.emailVerified == false else { continue }
      try await first.verifyEmail(token: try #require(try mail.field("token")))
    }
    #expect(try await first.authenticate().user?.emailVerified == true)
    try await first.changePassword(from: "analytical", to: "differential")
    let owner = try await client.authenticate(
      email: "ada@example.org", password: "differential")
    let tokens = try await client.login(email: "ada@example.org", password: "differential")
    let renewed = try await client.refresh(try #require(tokens.refreshToken))
    #expect(renewed.refreshToken != tokens.refreshToken)
    let sessions = try await owner.sessions()
    #expect(sessions.count == 3)
    try await owner.endSession(try #require(sessions.first { !$0.isCurrent }).id)
    try await client.requestPasswordReset(email: "ada@example.org")
    return owner
  }

  private static func lookAround(
    with owner: CloudClient, in workspace: Workspace
  ) async throws {
    #expect(try await owner.authenticate(in: workspace.id).role == .owner)
    #expect(try await owner.checkPermission(.manageBilling, in: workspace.id))
    #expect(try await owner.workspaces().all().map(\.name) == ["My workspace", "Lab"])
    #expect(try await owner.workspaces().page(limit: 1).items.count == 1)
    let seen = try await owner.taggedWorkspace(workspace.id)
    let renamed = try await owner.updateWorkspace(
      workspace.id, UpdateWorkspaceRequest(name: "Laboratory"), ifStill: seen.tag)
    #expect(try await owner.workspace(workspace.id) == renamed)
    #expect(try await owner.readingStale().workspace(workspace.id) == renamed)
    let late = await #expect(throws: CloudError.self) {
      try await owner.updateWorkspace(
        workspace.id, UpdateWorkspaceRequest(name: "Labor"), ifStill: seen.tag)
    }
    #expect(late?.code == .preconditionFailed)
    let audit = try await owner.audit(workspaceID: workspace.id).all()
    #expect(audit.contains { $0.action == "workspace.update" })
    _ = try await owner.ownAudit().page(limit: 5)
    #expect(try await owner.plans().contains { $0.name == "professional" })
  }

  /// Adds people, and returns the ID of the analyst.
  private static func gatherTeam(
    with owner: CloudClient, in workspace: Workspace, operator admin: CloudClient, mail: MailSink
  ) async throws -> String {
    let analyst = try await owner.createUser(
      AddMemberRequest(email: "grace@example.org", role: .analyst), in: workspace.id)
    let reset = try await admin.createPasswordReset(userID: analyst.userID)
    try await owner.resetPassword(token: reset.token, password: "compiler")
    let session = try await owner.authenticate(email: "grace@example.org", password: "compiler")
    #expect(try await session.getUser(analyst.userID).email == "grace@example.org")

    let viewer = try await owner.invite("alan@example.org", as: .viewer, to: workspace.id)
    #expect(viewer.token == nil)
    let token = try #require(try await mail.next("invitation")?.field("token"))
    let guest = try await owner.invite("guest@example.org", as: .viewer, to: workspace.id)
    #expect(try await owner.invitations(to: workspace.id).all().count == 2)
    try await owner.revokeInvitation(guest.invitation.id, to: workspace.id)
    let accepted = try await owner.acceptInvitation(
      AcceptInvitationRequest(token: token, password: "universal"))
    let admin = try await owner.changeRole(of: accepted.user.id, in: workspace.id, to: .admin)
    #expect(admin.role == .admin)
    #expect(try await owner.users(in: workspace.id).all().count == 3)
    try await owner.removeUser(accepted.user.id, from: workspace.id)
    return analyst.userID
  }

  private static func useKeys(
    with owner: CloudClient, in workspace: Workspace, for analyst: String,
    operator admin: CloudClient
  ) async throws {
    let made = try await owner.createAPIKey(
      CreateAPIKeyRequest(
        workspaceID: workspace.id, userID: analyst, name: "ci", scopes: [.analyze, .read]))
    let worth = try await admin.validateAPIKey(made.key)
    #expect(worth.valid && worth.role == .analyst)
    let rotated = try await owner.rotateAPIKey(made.apiKey.id, overlapHours: 0)
    #expect(try await owner.apiKeys(workspaceID: workspace.id).all().count == 2)

    let program = owner.with(token: rotated.key)
    #expect(try await program.checkQuota(.rows, count: 3).allowed)
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString).csv")
    try Data("a,b\n1,2\n3,4\n5,6\n".utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let report = try await program.analyze(
      try #require(DatasetFile(path: file.path)), options: AnalyzeOptions(name: "Three"))
    #expect(try JSONSerialization.jsonObject(with: report.json) is [String: Any])
    #expect(try await program.getUsage().rows.used == 3)
    #expect(try await program.ledger().all().map(\.rows) == [3])
    let fixed = try await owner.fix(
      try #require(DatasetFile(path: file.path)), options: AnalyzeOptions(workspaceID: workspace.id)
    )
    #expect(fixed.dataset.map { String(decoding: $0, as: UTF8.self) } == "a,b\n1,2\n3,4\n5,6\n")
    let again = try await owner.replay(
      fixed.log, on: try #require(DatasetFile(path: file.path)), workspaceID: workspace.id)
    #expect(again.dataset == fixed.dataset && again.log == fixed.log)
    try await owner.revokeAPIKey(rotated.apiKey.id)
    let refused = await #expect(throws: CloudError.self) { try await program.getUsage() }
    #expect(refused?.code == .unauthenticated)
  }

  private static func operate(with admin: CloudClient) async throws {
    let plan = try await admin.definePlan(
      "team", DefinePlanRequest(rowsPerMonth: 500, retentionDays: 30, features: ["all"]))
    #expect(plan.rowsPerMonth == 500)
    #expect(try await admin.clusterStatus().members.count == 1)
    let key = try await admin.rotateSigningKey()
    #expect(try await admin.signingKeys().keys.contains { $0.keyID == key.keyID })
    #expect(try await !admin.clusterAudit().page(limit: 5).items.isEmpty)
    try await admin.transferLeadership()
  }
}
