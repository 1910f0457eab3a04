import CloudState

/// Who has made which workspaces of the free plan for themselves, and whether one more may be made: by numbers
/// of its own.
struct MakerModel {
  private static let most = 5

  private struct Made {
    var maker: UserID
    var isFree: Bool
  }

  private var workspaces: [WorkspaceID: Made] = [:]
  private var pace = LeakyBuckets<UserID>(burst: 10, interval: 8_640_000)

  /// Takes what came of a command, which was not repeated.
  ///
  /// - Returns: What is wrong with it.
  mutating func judge(
    _ outcome: Outcome, of envelope: CommandEnvelope, at clock: Int64
  ) -> String? {
    switch outcome {
    case .accepted(.workspaceCreated(let workspace)):
      guard let maker = envelope.maker else { return nil }
      return make(workspace, by: maker, at: clock)
    case .accepted(.userCreated(let user, let workspace?)):
      guard case .anonymous = envelope.actor else { return nil }
      workspaces[workspace.id] = Made(maker: user.id, isFree: workspace.planID == .free)
      return nil
    case .accepted(.workspaceUpdated(let workspace)):
      workspaces[workspace.id]?.isFree = workspace.planID == .free
      return nil
    case .accepted(.workspaceDeleted(let id)):
      workspaces[id] = nil
      return nil
    case .accepted: return nil
    case .rejected(let rejection): return refuse(rejection, of: envelope, at: clock)
    }
  }

  private mutating func make(
    _ workspace: Workspace, by maker: UserID, at clock: Int64
  ) -> String? {
    guard pace.wait(of: maker, at: clock) == 0 else {
      return "\(maker) made workspaces faster than anybody may"
    }
    pace.add(maker, at: clock)
    workspaces[workspace.id] = Made(maker: maker, isFree: workspace.planID == .free)
    guard free(of: maker) <= Self.most else {
      return "\(maker) has made \(free(of: maker)) workspaces of the free plan"
    }
    return nil
  }

  private func refuse(
    _ rejection: Rejection, of envelope: CommandEnvelope, at clock: Int64
  ) -> String? {
    switch (rejection, envelope.command) {
    case (.overloaded(.freeWorkspaces), _):
      guard let maker = envelope.maker, free(of: maker) >= Self.most else {
        return "a workspace was refused to somebody who may make one more"
      }
      return nil
    case (.rateLimited(let until), .createWorkspace):
      guard let maker = envelope.maker else { return "an operator may make any number" }
      let wait = pace.wait(of: maker, at: clock)
      guard wait > 0, until.milliseconds == clock + wait else {
        return "\(maker) was told to wait until \(until) before another workspace"
      }
      return nil
    default: return nil
    }
  }

  private func free(of maker: UserID) -> Int {
    workspaces.values.count { $0.isFree && $0.maker == maker }
  }
}

extension CommandEnvelope {
  /// The user who asks for a workspace for themselves.
  fileprivate var maker: UserID? {
    guard case .createWorkspace(let command) = self.command, case .user(let id) = command.owner
    else { return nil }
    if case .operator = actor { return nil }
    return id
  }
}
