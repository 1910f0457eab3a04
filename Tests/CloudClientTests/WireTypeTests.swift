import CloudAPI
import Foundation
import Testing

/// Every body is read from the text that the contract gives and written back to the same text.
@Suite struct WireTypeTests {
  private func expectRoundTrip<Value: Codable>(
    _ type: Value.Type, _ json: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Value {
    let value = try JSONDecoder.cleanCloud.decode(type, from: Data(json.utf8))
    let written = String(decoding: try JSONEncoder.cleanCloud.encode(value), as: UTF8.self)
    let compact = json.split(separator: "\n").map { $0.drop { $0 == " " } }.joined()
    #expect(written == compact, sourceLocation: sourceLocation)
    return value
  }

  @Test func clusterStatusHasTheContractsFieldsAndNulls() throws {
    let status = try expectRoundTrip(
      ClusterStatus.self,
      """
      {"applied_index":41,"cluster_id":"c1","commit_index":42,"feature_level":1,"healthy":false,
      "leader":null,"members":[
      {"applied_index":41,"clock_offset_ms":-1.5,"db_bytes":4096,"id":"00ff","lag":1,"last_contact_ms":null,
      "log_bytes":65536,"match_index":42,"max_feature_level":null,"name":"clean-0","peer_address":"127.0.0.1:8100",
      "problem":null,
      "role":"follower","rtt_ms":0.5,"state":"catching_up","uptime_s":12.5,
      "url":"http://127.0.0.1:8000","version":"0.1.0"}
      ],"term":3}
      """)
    #expect(status.leader == nil)
    #expect(status.members.first?.state == .catchingUp)
    #expect(status.members.first?.databaseBytes == 4096)
  }

  @Test func registrationCarriesTheTokenFieldsBesideUserAndWorkspace() throws {
    let registration = try expectRoundTrip(
      Registration.self,
      """
      {"access_token":"eyJ","expires_in":3600,"refresh_token":"r1","token_type":"bearer",
      "user":{"created_at":"2026-01-31T09:30:00Z","email":"ada@example.com","id":"usr_1",
      "name":"Ada"},
      "workspace":{"created_at":"2026-01-31T09:30:00Z","id":"ws_1","name":"Ada's","plan":"free",
      "role":"owner"}}
      """)
    #expect(registration.tokens.accessToken == "eyJ")
    #expect(registration.workspace.role == .owner)
  }

  @Test func createdKeyCarriesTheSecretBesideTheKeysFields() throws {
    let created = try expectRoundTrip(
      CreatedAPIKey.self,
      """
      {"created_at":"2026-01-31T09:30:00Z","expires_at":"2026-03-02T09:30:00Z","id":"key_1",
      "key":"clk_secret","name":"ci","prefix":"clk_se","scopes":["analyze","read"],
      "user_id":"usr_1","workspace_id":"ws_1"}
      """)
    #expect(created.key == "clk_secret")
    #expect(created.apiKey.scopes == [.analyze, .read])
  }

  @Test func usageSaysThatALimitIsMissingAndLeavesOutWhatIsNotCounted() throws {
    let usage = try expectRoundTrip(
      Usage.self,
      """
      {"analyses":3,"period":"2026-01","plan":"enterprise",
      "rows":{"limit":null,"reserved":10,"resets_at":"2026-02-01T00:00:00Z","used":150},
      "users":{"limit":5,"used":2},"workspace_id":"ws_1"}
      """)
    #expect(usage.rows.limit == nil)
    #expect(usage.apiCalls == nil)
    #expect(usage.rows.resetsAt == Date(timeIntervalSince1970: 1_769_904_000))
  }

  @Test func plansWriteWhatIsByAgreementAsNull() throws {
    let plans = try expectRoundTrip(
      Page<Plan>.self,
      """
      {"items":[
      {"api_calls_per_day":100,"features":["basic_analysis"],"max_users":1,"name":"free",
      "price_per_month_cents":0,"rows_per_month":10000},
      {"api_calls_per_day":null,"features":["all"],"max_users":null,"name":"enterprise",
      "price_per_month_cents":null,"rows_per_month":null}
      ],"next_cursor":"abc"}
      """)
    #expect(plans.items.map(\.rowsPerMonth) == [10_000, nil])
  }

  @Test func requestsUseTheContractsNames() throws {
    _ = try expectRoundTrip(
      RegisterRequest.self,
      #"{"email":"ada@example.com","name":"Ada","password":"pw","workspace_name":"Lab"}"#)
    _ = try expectRoundTrip(
      CreateWorkspaceRequest.self,
      """
      {"name":"Lab","owner_email":"ada@example.com","plan":"professional",
      "settings":{"max_datasets":5,"max_users":3,"retention_days":30}}
      """)
    _ = try expectRoundTrip(
      CreateAPIKeyRequest.self,
      #"{"expires_in_days":30,"name":"ci","scopes":["read"],"user_id":"usr_1"}"#)
  }

  @Test func problemCarriesTheFieldsOfItsError() throws {
    let quota = try expectRoundTrip(
      Problem.self,
      """
      {"code":"quota_exceeded","detail":"150 of 100 rows","limit":100,"metric":"rows",
      "request_id":"req_1","resets_at":"2026-02-01T00:00:00Z","status":429,
      "title":"Quota exceeded","type":"about:blank","used":90}
      """)
    #expect(quota.code == .quotaExceeded)
    let invalid = try expectRoundTrip(
      Problem.self,
      """
      {"code":"invalid_request","errors":[{"field":"email","message":"is empty"}],"status":400,
      "title":"Invalid request","type":"about:blank"}
      """)
    #expect(invalid.errors == [Problem.FieldError(field: "email", message: "is empty")])
    let dataset = try expectRoundTrip(
      Problem.self,
      """
      {"code":"unprocessable_dataset","column":"age","row":7,"status":422,
      "title":"Unprocessable dataset","type":"about:blank"}
      """)
    #expect(dataset.row == 7)
  }

  @Test func wordsNewerThanTheClientAreKept() throws {
    let identity = try expectRoundTrip(
      Identity.self,
      """
      {"key_id":"key_1","kind":"api_key","permissions":["read","time_travel"],"role":"historian",
      "scopes":["read"]}
      """)
    #expect(identity.role == Role(rawValue: "historian"))
  }

  @Test func unknownFieldsAreIgnored() throws {
    let json = #"{"id":"usr_1","email":"ada@example.com","shoe_size":38}"#
    let user = try JSONDecoder.cleanCloud.decode(User.self, from: Data(json.utf8))
    #expect(user == User(id: "usr_1", email: "ada@example.com"))
  }
}

@Suite struct RFC3339Tests {
  @Test func writesWholeSecondsInUTC() {
    #expect(RFC3339.string(from: Date(timeIntervalSince1970: 0)) == "1970-01-01T00:00:00Z")
    let late = Date(timeIntervalSince1970: 1_769_851_800.999)
    #expect(RFC3339.string(from: late) == "2026-01-31T09:30:00Z")
  }

  @Test(arguments: [
    "2026-01-31T09:30:00Z", "2026-01-31T09:30:00.000Z", "2026-01-31T10:30:00+01:00",
    "2026-01-31T09:30:00+00:00",
  ])
  func readsAnyOffsetAndFraction(_ text: String) throws {
    let date = try #require(RFC3339.date(from: text))
    #expect(date == Date(timeIntervalSince1970: 1_769_851_800))
  }

  @Test(arguments: ["", "yesterday", "2026-13-01T00:00:00Z", "2026-01-31"])
  func refusesWhatIsNoTime(_ text: String) {
    #expect(RFC3339.date(from: text) == nil)
  }
}
