import CloudState
import Synchronization

/// The places that analyses take on a node, from the first byte of their dataset to the last piece of their
/// report, which may be made while it is sent and stand on all of the dataset.
/// One workspace has only a part of them, and so has one user, in however many workspaces: whoever uploads
/// slowly is not in the way of others.
final class AnalysisPlaces: Sendable {
  /// Why there is no place.
  enum Full: Error, Hashable {
    case node
    case caller(limit: Int)
  }

  private enum Holder: Hashable {
    case workspace(WorkspaceID)
    case user(UserID)
  }

  private struct Taken {
    var total = 0
    var byHolder: [Holder: Int] = [:]
  }

  private let limit: Int
  private let holderLimit: Int
  private let taken = Mutex(Taken())

  init(_ limit: Int) {
    self.limit = limit
    holderLimit = max(1, limit / 4)
  }

  var inUse: Int { taken.withLock(\.total) }

  /// A place that is taken until it is left, or nobody holds it any more.
  final class Place: Sendable {
    private let left = Mutex(false)
    private let onLeaving: @Sendable () -> Void

    fileprivate init(onLeaving: @escaping @Sendable () -> Void) {
      self.onLeaving = onLeaving
    }

    deinit { leave() }

    /// Gives it to others; the second time it does nothing.
    func leave() {
      let wasLeft = left.withLock { left in
        defer { left = true }
        return left
      }
      if !wasLeft { onLeaving() }
    }
  }

  /// Takes a place.
  ///
  /// - Parameter user: Who asks, or for whom the key acts that does; nobody for an operator.
  /// - Throws: ``Full``.
  func take(for workspace: WorkspaceID, by user: UserID? = nil) throws(Full) -> Place {
    let holders = [.workspace(workspace)] + (user.map { [Holder.user($0)] } ?? [])
    try take(for: holders)
    return Place { [self] in leave(holders) }
  }

  private func take(for holders: [Holder]) throws(Full) {
    try taken.withLock { taken throws(Full) in
      for holder in holders where taken.byHolder[holder, default: 0] >= holderLimit {
        throw .caller(limit: holderLimit)
      }
      guard taken.total < limit else { throw .node }
      for holder in holders { taken.byHolder[holder, default: 0] += 1 }
      taken.total += 1
    }
  }

  private func leave(_ holders: [Holder]) {
    taken.withLock { taken in
      taken.total -= 1
      for holder in holders {
        let own = taken.byHolder[holder, default: 0] - 1
        // Those without a place are not kept: there may be any number of them.
        taken.byHolder[holder] = own > 0 ? own : nil
      }
    }
  }
}

extension Failure {
  init(_ full: AnalysisPlaces.Full) {
    switch full {
    case .node:
      self = .overloaded(
        "this node has as many analyses as it can hold; try again, or ask another node")
    case .caller(let limit):
      self = .overloaded(
        "this node works on at most \(limit) analyses of one workspace, or of one user, at a time; "
          + "try again when one has ended, or ask another node")
    }
    closesConnection = true
  }
}
