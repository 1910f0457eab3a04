import CloudState
import History
import Raft

/// What is written down of the tenants' clients: each operation with the workspace it is about.
extension TenantWorkload {
  /// Each answer names a place in the log that all workspaces share. What the commands come to is judged
  /// by `TenantModel`, which sees the stamps that clients do not.
  var historyModel: ModelKind { .log }

  func begun(_ client: Int) -> BegunOperation {
    guard let envelope = clients[client].envelope else {
      let question = clients[client].question
      return BegunOperation(
        name: clients[client].isStale ? "stale_read" : "read",
        key: question.map { .string($0.workspace.rawValue) } ?? .null,
        input: question?.credential.map { .object(["credential": .string($0)]) } ?? .null)
    }
    return envelope.command.begun
  }

  func output(_ client: Int, _ answer: [UInt8], at index: LogIndex?) -> JSONValue {
    guard let index else { return TenantReading(answer)?.json ?? .null }
    var fields = ["index": JSONValue.integer(Int64(clamping: index.rawValue))]
    switch try? Outcome(decoding: answer) {
    case .accepted(let effect)?: fields["accepted"] = effect.json
    case .rejected(let rejection)?: fields["refused"] = .string(rejection.reason)
    case nil: fields["unreadable"] = .bool(true)
    }
    return .object(fields)
  }
}

extension TenantReading {
  fileprivate var json: JSONValue {
    .object([
      "admitted": .bool(isAdmitted),
      "index": .integer(Int64(clamping: mark.applied.index.rawValue)),
      "month": .integer(month),
      "reserved": .integer(reserved), "used": .integer(used),
    ])
  }
}

extension Command {
  fileprivate var begun: BegunOperation {
    switch self {
    case .createUser(let it):
      operation(
        "create_user", it.workspace?.id, ["user": it.user.id.rawValue])
    case .createWorkspace(let it): operation("create_workspace", it.workspace.id)
    case .updateWorkspace(let it): operation("update_workspace", it.workspaceID)
    case .deleteWorkspace(let it): operation("delete_workspace", it.workspaceID)
    case .addMember(let it):
      operation(
        "add_member", it.workspaceID, ["user": it.user.id.rawValue, "role": it.role.rawValue])
    case .changeRole(let it):
      operation(
        "change_role", it.workspaceID, ["user": it.userID.rawValue, "role": it.role.rawValue])
    case .removeMember(let it):
      operation("remove_member", it.workspaceID, ["user": it.userID.rawValue])
    case .createAPIKey(let it): operation("create_key", it.workspaceID, ["id": it.id.rawValue])
    case .revokeAPIKey(let it): operation("revoke_key", it.workspaceID, ["id": it.id.rawValue])
    case .rotateAPIKey(let it):
      operation("rotate_key", it.workspaceID, ["id": it.id.rawValue, "new": it.newID.rawValue])
    case .noteKeyUse(let it): operation("note_key_use", nil, rows: Int64(it.uses.count))
    case .noteDenials(let it): operation("note_denials", nil, rows: Int64(it.denials.count))
    case .recordAnswer: operation("record_answer", nil)
    case .reserveRows(let it):
      operation("reserve", it.workspaceID, ["id": it.id.rawValue], rows: it.rows)
    case .settleReservation(let it):
      operation("settle", it.workspaceID, ["id": it.id.rawValue], rows: it.rows)
    case .releaseReservation(let it):
      operation("release", it.workspaceID, ["id": it.id.rawValue])
    case .leaseCalls(let it): operation("lease_calls", it.workspaceID, ["id": it.id.rawValue])
    case .returnCalls: operation("return_calls", nil)
    case .definePlan(let it): operation("define_plan", nil, ["plan": it.plan.id.rawValue])
    case .openSession(let it):
      operation("open_session", nil, ["id": it.session.id.rawValue, "user": it.userID.rawValue])
    case .refreshSession(let it):
      operation("refresh_session", nil, ["id": it.id.rawValue])
    case .countAttempt: operation("count_attempt", nil)
    case .changePassword: operation("change_password", nil)
    case .upgradePasswordHash(let it):
      operation("upgrade_password_hash", nil, ["user": it.userID.rawValue])
    case .requestPasswordReset: operation("request_password_reset", nil)
    case .resetPassword: operation("reset_password", nil)
    case .rotateSigningKey(let it): operation("rotate_signing_key", nil, ["id": it.id])
    case .requestEmailVerification: operation("request_email_verification", nil)
    case .verifyEmail: operation("verify_email", nil)
    case .invite(let it):
      operation(
        "invite", it.workspaceID, ["id": it.id.rawValue, "role": it.role.rawValue])
    case .revokeInvitation(let it):
      operation("revoke_invitation", it.workspaceID, ["id": it.id.rawValue])
    case .acceptInvitation: operation("accept_invitation", nil)
    case .closeSession(let it): operation("close_session", nil, ["id": it.id.rawValue])
    case .initializeCluster: operation("initialize_cluster", nil)
    case .registerAdminToken: operation("register_admin_token", nil)
    case .keepHouse(let it): operation("keep_house", nil, rows: it.limit)
    }
  }

  private func operation(
    _ name: String, _ workspace: WorkspaceID?, _ texts: [String: String] = [:], rows: Int64? = nil
  ) -> BegunOperation {
    var input = texts.mapValues { JSONValue.string($0) }
    if let rows { input["rows"] = .integer(rows) }
    return BegunOperation(
      name: name, key: workspace.map { .string($0.rawValue) } ?? .null,
      input: input.isEmpty ? .null : .object(input))
  }
}

extension CloudState.Effect {
  /// What an outcome adds to the question.
  fileprivate var json: JSONValue {
    switch self {
    case .rowsReserved(let reservation):
      .object([
        "month": .integer(reservation.month.ordinal), "rows": .integer(reservation.rows),
      ])
    case .reservationSettled(let analysis):
      .object(["month": .integer(analysis.month.ordinal), "rows": .integer(analysis.rows)])
    default: .bool(true)
    }
  }
}

extension Rejection {
  fileprivate var reason: String {
    switch self {
    case .invalid(let field, _): "invalid \(field)"
    case .unauthenticated: "unauthenticated"
    case .forbidden(let permission): "forbidden: \(permission.rawValue)"
    case .notFound(let resource): "not found: \(resource.rawValue)"
    case .conflict(let conflict): conflict.rawValue
    case .quotaExceeded(let quota): "quota of \(quota.metric.rawValue) exceeded"
    case .overloaded(let bound): "overloaded: \(bound.rawValue)"
    case .rateLimited: "rate limited"
    case .repeated: "the request came before, with another salt"
    case .requestChanged: "another request had this identifier"
    case .unreadableCommand: "unreadable command"
    }
  }
}
