import CloudClient
import Foundation
import Testing

@testable import clean_ctl

@Suite struct AccountViewTests {
  private let time = Date(timeIntervalSince1970: 1_700_000_000)

  private func entry(
    _ kind: String, _ actor: String?, of user: String? = nil, outcome: String = "done"
  ) -> AuditEntry {
    AuditEntry(
      id: 1, at: time, workspaceID: "ws_1", actorKind: kind, actorID: actor, userID: user,
      action: "member.add", target: "usr_9", outcome: outcome, address: nil, requestID: nil)
  }

  @Test func auditSaysWhoInWords() {
    let table = auditTable([
      entry("user", "usr_1", of: "usr_1"), entry("api_key", "key_1", of: "usr_1"),
      entry("operator", "op_1"), entry("anonymous", nil, outcome: "denied"),
    ])
    #expect(
      table.rows.map { $0[1].text } == [
        "usr_1", "api key key_1 of usr_1", "operator op_1", "anonymous",
      ])
    #expect(table.rows.map { $0[4].color } == [nil, nil, nil, .red])
  }

  @Test func invitationShowsItsTokenOrThatItWasMailed() {
    let invitation = Invitation(
      id: "inv_1", workspaceID: "ws_1", email: "ada@example.com", role: .viewer, mailed: true,
      createdAt: time, expiresAt: time)
    let mailed = CreatedInvitation(invitation: invitation, token: nil)
    #expect(mailed.pairs.map(\.name) == ["id", "email", "role", "workspace", "expires"])
    #expect(mailed.advice == "The token was mailed to ada@example.com.")
    let shown = CreatedInvitation(invitation: invitation, token: "secret")
    #expect(shown.pairs.first?.value == "secret")
    #expect(shown.advice.contains("hand it to ada@example.com"))
    #expect(invitationsTable([invitation]).rows[0].map(\.text)[3...4] == ["operator", "yes"])
  }

  @Test func sessionsTellWhichOneThisIs() {
    let sessions = [true, false].map {
      LoginSession(
        id: "ses_\($0)", createdAt: time, refreshedAt: time, expiresAt: time, isCurrent: $0)
    }
    #expect(sessionsTable(sessions).rows.map { $0[4].text } == ["yes", ""])
  }
}
