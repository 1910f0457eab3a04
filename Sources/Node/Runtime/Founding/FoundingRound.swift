import Raft

/// Decides, on a member of no cluster, when a cluster can be founded and with whom.
///
/// The founder with the smallest name coordinates. It founds when it is connected to every other
/// founder and each says that it belongs to no cluster. Why that is safe: docs/decisions/threads.md.
struct FoundingRound {
  private let own: Member
  private let founders: [MemberOptions.Founder]
  /// Founders that this member is connected to, by name.
  private var met: [String: MemberID] = [:]

  /// - Parameter founders: all of them, this member among them.
  init(own: Member, founders: [MemberOptions.Founder]) {
    self.own = own
    self.founders = founders
  }

  /// Whether this member is the one to found the cluster.
  var coordinates: Bool { founders.allSatisfy { $0.name >= own.name } }

  /// A founder said who it is. Returns what is wrong with that, if something is.
  mutating func meet(_ name: String, _ hello: Hello) -> String? {
    met[name] = nil
    guard hello.name == name else {
      return
        "it says that its name is \(hello.name): the founders' names and addresses must be the "
        + "same on every member"
    }
    guard hello.member != own.id, !met.values.contains(hello.member) else {
      return "it is a member that another founder's address reaches too"
    }
    if hello.cluster == nil { met[name] = hello.member }
    return nil
  }

  /// The connection to a founder is gone: what it said counts no more.
  mutating func lose(_ name: String) { met[name] = nil }

  /// The names of those that a founding waits for: on a coordinator the founders not connected to, on
  /// others the coordinator.
  var missing: [String] {
    let others = founders.map(\.name).filter { $0 != own.name }.sorted()
    return coordinates ? others.filter { met[$0] == nil } : Array(others.prefix(1))
  }

  /// Everybody to found a cluster with, once it may be done.
  var configuration: Configuration? {
    guard coordinates, !founders.isEmpty else { return nil }
    var members: [Member] = []
    for founder in founders {
      guard let id = founder.name == own.name ? own.id : met[founder.name] else { return nil }
      members.append(Member(id: id, name: founder.name, address: founder.address))
    }
    return Configuration(voters: members)
  }
}
