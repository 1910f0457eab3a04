import Logging
import NodeRuntime
import ServiceLifecycle

/// Lets another member lead before anything else stops, so that the requests in progress, and those
/// that other nodes forward, find a leader that stays.
struct LeadershipHandover: Service {
  let member: ClusterMember
  let logger: Logger

  private static let patience = Duration.seconds(2)

  /// Waits for the shutdown, then hands over if there is leadership to hand over, and somebody to take it.
  func run() async {
    // Cancelled means that time is up: the member stops as it is.
    guard (try? await gracefulShutdown()) != nil else { return }
    let view = member.clusterView()
    guard view.leader == member.id, view.members.count(where: { $0.role != .learner }) > 1 else {
      return
    }
    do {
      try await member.transferLeadership(timeout: Self.patience)
      let view = member.clusterView()
      let name = view.members.first { $0.id == view.leader }?.name ?? "another member"
      logger.notice("Leadership was handed over to \(name)")
    } catch .notLeader {
      return
    } catch {
      logger.warning("Leadership was not handed over: \(error); stopping anyway")
    }
  }
}
