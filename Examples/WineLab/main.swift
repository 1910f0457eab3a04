import CloudClient
import Foundation

// Configure: nodes of the cluster, and the operator's token, which each wrote to DATA_DIR/admin-token.
let environment = ProcessInfo.processInfo.environment
let endpoints = environment["CLEAN_ENDPOINTS"] ?? "http://127.0.0.1:8000"
let admin = try CloudClient(
  endpoints: endpoints.split(separator: ",").map(String.init), token: environment["CLEAN_TOKEN"])

// A workspace on the professional plan, for its owner's address.
let workspace = try await admin.createWorkspace(
  CreateWorkspaceRequest(
    name: "Wine lab", plan: "professional", ownerEmail: "marie@example.com"))
print("workspace \(workspace.name) is on the plan \(workspace.plan)")

// An analyst.
let analyst = try await admin.createUser(
  AddMemberRequest(email: "grace@example.com", role: .analyst, name: "Grace"), in: workspace.id)
let user = try await admin.getUser(analyst.userID)
print("\(user.email) is its \(analyst.role.rawValue)")

// A key for the analyst's programs, and what it is worth.
let key = try await admin.createAPIKey(
  CreateAPIKeyRequest(
    workspaceID: workspace.id, userID: user.id, name: "notebook", scopes: [.analyze, .read]))
let worth = try await admin.validateAPIKey(key.key)
print("the key is \(worth.valid ? "valid" : "not valid")")

// From here on as that program.
let program = admin.with(token: key.key)
let identity = try await program.authenticate()
print("it may \(identity.permissions.map(\.rawValue).joined(separator: ", "))")
print("it may analyze: \(try await program.checkPermission(.analyze))")
print("it may manage users: \(try await program.checkPermission(.manageUsers))")

// Is there room for the dataset?
let quota = try await program.checkQuota(.rows, count: 178)
let left = quota.remaining.map(String.init) ?? "any number"
print("178 rows fit: \(quota.allowed), \(left) are left")

// Analyze it.
struct Summary: Decodable {
  var qualityScore: Double
}
let decoder = JSONDecoder()
decoder.keyDecodingStrategy = .convertFromSnakeCase

let path = CommandLine.arguments.dropFirst().first ?? "Examples/wine.csv"
do {
  let report = try await program.analyze(
    DatasetFile(path: path, mediaType: "text/csv"),
    options: AnalyzeOptions(labelColumn: "cultivar", name: "Wine"))
  let summary = try decoder.decode(Summary.self, from: report.json)
  print("its quality is \(summary.qualityScore) of 100")
} catch let error as CloudError where error.code == .quotaExceeded {
  print("not this month: \(error)")
}

// What is used now.
let usage = try await program.getUsage()
print("\(usage.rows.used) rows of \(usage.rows.limit ?? 0) are used in \(usage.period)")
await admin.shutdown()
