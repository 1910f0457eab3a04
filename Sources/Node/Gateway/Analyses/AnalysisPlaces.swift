import CloudState
import Synchronization

/// The places that analyses take on a node, from the first byte of their dataset to their report.
/// One workspace has only a part of them: however slowly it uploads, others find a place.
final class AnalysisPlaces: Sendable {
  /// Why there is no place.
  enum Full: Error, Hashable {
    case node
    case workspace(limit: Int)
  }

  private struct Taken {
    var total = 0
    var byWorkspace: [WorkspaceID: Int] = [:]
  }

  private let limit: Int
  private let workspaceLimit: Int
  private let taken = Mutex(Taken())

  init(_ limit: Int) {
    self.limit = limit
    workspaceLimit = max(1, limit / 4)
  }

  var inUse: Int { taken.withLock(\.total) }

  /// Takes a place for the time of `work`.
  ///
  /// - Throws: ``Full``, or what `work` throws.
  func withPlace<Value>(
    for workspace: WorkspaceID, _ work: () async throws -> Value
  ) async throws -> Value {
    try take(for: workspace)
    defer { leave(workspace) }
    return try await work()
  }

  private func take(for workspace: WorkspaceID) throws(Full) {
    try taken.withLock { taken throws(Full) in
      let own = taken.byWorkspace[workspace, default: 0]
      guard own < workspaceLimit else { throw .workspace(limit: workspaceLimit) }
      guard taken.total < limit else { throw .node }
      taken.byWorkspace[workspace] = own + 1
      taken.total += 1
    }
  }

  private func leave(_ workspace: WorkspaceID) {
    taken.withLock { taken in
      taken.total -= 1
      let own = taken.byWorkspace[workspace, default: 0] - 1
      // Workspaces without a place are not kept: there may be any number of them.
      taken.byWorkspace[workspace] = own > 0 ? own : nil
    }
  }
}

extension Failure {
  init(_ full: AnalysisPlaces.Full) {
    switch full {
    case .node:
      self = .overloaded(
        "this node has as many analyses as it can hold; try again, or ask another node")
    case .workspace(let limit):
      self = .overloaded(
        "this node works on at most \(limit) analyses of one workspace at a time; "
          + "try again when one has ended, or ask another node")
    }
    closesConnection = true
  }
}
