import Foundation
import Testing

@testable import CloudState

/// No statement takes longer because there are more tenants: each finds its rows by an index, in the order
/// in which it wants them.
@Suite struct QueryPlanTests {
  /// What may be read as a whole, because tenants do not make it longer.
  static let scans = [
    // As many as the operator defines.
    "SCAN plans",
    // At most `StateLimits.signingKeys`.
    "SCAN signing_keys",
    // One for each node.
    "SCAN admin_tokens",
    // Only the first row is read, or whether there is one.
    "SCAN deleted_workspaces",
    // A question about several tables, which are looked at by indexes of theirs.
    "SCAN CONSTANT ROW",
  ]
  /// What may be sorted, for the same reason.
  static let sorts = ["plans", "signing_keys"]

  @Test func everyStatementFindsItsRowsByAnIndex() throws {
    let directory = try TestDirectory()
    _ = try StateStore(directory: directory.path, trustExistingFile: false)
    let connection = try Connection(path: directory.path + "/state.sqlite", access: .readOnly)
    let statements = try SourceStatements.all()
    #expect(statements.count > 120)
    var seen: Set<String> = []
    for sql in statements {
      let plan = try connection.prepare("EXPLAIN QUERY PLAN " + sql)
      while try plan.step() {
        let step = plan.text(3)
        seen.insert(step)
        if step.hasPrefix("SCAN") {
          #expect(Self.scans.contains { step.hasPrefix($0) }, "\(step) in \(sql)")
        }
        if step.contains("TEMP B-TREE") {
          #expect(Self.sorts.contains { sql.contains("FROM \($0)") }, "\(step) in \(sql)")
        }
      }
    }
    // What a request asks first of all, and a list that would else pass over what was revoked.
    for index in [
      "api_keys USING PRIMARY KEY (id=?)", "users USING INDEX users_by_email (email=?)",
      "api_keys USING INDEX api_keys_not_revoked (workspace_id=? AND (created_at,id)>(?,?))",
    ] {
      #expect(seen.contains("SEARCH \(index)"))
    }
  }

  @Test func statementWithoutAnIndexHasAScanInItsPlan() throws {
    let directory = try TestDirectory()
    _ = try StateStore(directory: directory.path, trustExistingFile: false)
    let connection = try Connection(path: directory.path + "/state.sqlite", access: .readOnly)
    let plan = try connection.prepare("EXPLAIN QUERY PLAN SELECT * FROM users WHERE name = ?")
    #expect(try plan.step())
    #expect(plan.text(3) == "SCAN users")
  }
}

/// The statements of the room's source, those that are put together at run time left out: these are for
/// snapshots, which read everything.
private enum SourceStatements {
  static func all() throws -> [String] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources/CloudState")
    let files = try #require(
      FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil))
    var statements: [String] = []
    for case let file as URL in files
    where file.pathExtension == "swift" && !file.lastPathComponent.hasSuffix(".pb.swift") {
      let source = try String(contentsOf: file, encoding: .utf8)
      // Pieces between three quotes, and what stands between those.
      for (place, piece) in source.components(separatedBy: "\"\"\"").enumerated() {
        statements += place.isMultiple(of: 2) ? piece.components(separatedBy: "\"") : [piece]
      }
    }
    return statements.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }.filter { text in
      let verbs = ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM "]
      return verbs.contains { text.hasPrefix($0) } && !text.contains("\\(")
    }
  }
}
