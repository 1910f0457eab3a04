import CloudAPI
import CloudState
import Foundation

/// Who did what.
struct AuditRoutes: Sendable {
  var routes: [Route] {
    [
      .query("/api/v1/audit", .permission(.viewAudit, in: .query), .listAuditEntries) {
        view, call in
        try Self.answer(
          view.auditRecords(
            of: call.requireWorkspace().workspace.id, after: call.request.pageCursor,
            limit: call.request.pageLimit), to: call)
      },
      .query("/api/v1/auth/audit", .user, .listOwnAuditEntries) { view, call in
        guard let user = call.caller.user else { throw RouteMismatch() }
        return try Self.answer(
          view.auditRecords(
            ofAccount: user.id, after: call.request.pageCursor, limit: call.request.pageLimit),
          to: call)
      },
      .query("/api/v1/cluster/audit", .operator, .listClusterAuditEntries) { view, call in
        try Self.answer(
          view.auditRecords(
            of: nil, after: call.request.pageCursor, limit: call.request.pageLimit), to: call)
      },
    ]
  }

  private static func answer(_ page: CloudState.Page<AuditRecord>, to call: Call) throws -> Answer {
    switch call.request.query("format") {
    case nil, "json":
      return try .page(page, AuditEntry.init)
    case "ndjson":
      var lines: [UInt8] = []
      for record in page.items {
        lines += try JSONEncoder.cleanCloud.encode(AuditEntry(record))
        lines.append(UInt8(ascii: "\n"))
      }
      var answer = Answer(status: .ok, mediaType: "application/x-ndjson", body: lines)
      // RFC 8288: where the rest is, for a format without a place to say so.
      if let next = page.next {
        answer.headers[.link] = "<\(call.request.link(to: next))>; rel=next"
      }
      return answer
    default:
      throw Failure.invalid("format", "must be json or ndjson")
    }
  }
}
