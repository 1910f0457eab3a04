/// The leases of one process of a node: lets calls through at the speed of memory, says which leases
/// to ask for, and which to return.
///
/// A value without clock, network or randomness: times come with each call, and whoever owns it
/// proposes what it asks for. So the simulator runs the very same one.
///
/// Why no quota is exceeded: a call is let through only by taking it from a lease; a lease is spent up
/// to its size, and on no other day than that whose quota it is a part of; and once the holder has said
/// how much was spent, nothing more is. Should it never be heard, all of the lease counts.
public struct CallLeaseHolder: Sendable {
  /// For how long calls are leased, in milliseconds. What a dead node held counts as made from then on.
  public static let leaseLength: Int64 = 60_000
  /// After how long without a call what is left of a lease goes back, in milliseconds.
  public static let idleTime: Int64 = 2_000
  /// For how long a refusal is believed, in milliseconds: so often a workspace that has nothing left
  /// asks the log at most.
  public static let refusalTime: Int64 = 500

  private let name: String
  private let incarnation: [UInt8]
  private var leases: UInt64 = 0
  private var accounts: [WorkspaceID: Account] = [:]
  /// Never spent again.
  private var settlements: [CallReturn] = []
  private var isClosed = false

  /// A workspace whose calls come by here.
  private struct Account {
    var demand: CallDemand
    var lastCall: Int64
    var lease: HeldLease?
    var asked: Asked?
    var refusal: Refusal?

    init(at uptime: Int64) {
      demand = CallDemand(at: uptime)
      lastCall = uptime
    }
  }

  /// A lease that was asked for and of which nothing is known yet: it may have been granted. So it is
  /// asked for again, and nothing else, until it is known.
  private struct Asked {
    var command: LeaseCalls
    /// Somebody waits for what comes of it.
    var isUnderWay: Bool
  }

  private struct Refusal {
    var quota: QuotaExceeded
    var until: Int64

    /// Another limit is another quota.
    func holds(limit: Int64?, at moment: CallMoment) -> Bool {
      moment.uptime < until && limit == quota.limit
        && quota.resetsAt.map { moment.clock < $0 } ?? true
    }
  }

  /// Holds nothing.
  ///
  /// - Parameters:
  ///   - name: The node's.
  ///   - incarnation: Random bytes, others in each process: no two lease the same lease.
  public init(name: String, incarnation: [UInt8]) {
    self.name = name
    self.incarnation = incarnation
  }

  // MARK: Calls

  /// A call of a workspace has come.
  ///
  /// - Parameter limit: The workspace's, as the node knows it.
  public mutating func admit(
    _ workspaceID: WorkspaceID, limit: Int64?, at moment: CallMoment
  ) -> CallAdmission {
    accounts[workspaceID, default: Account(at: moment.uptime)].demand.note(at: moment.uptime)
    return decide(workspaceID, limit: limit, at: moment)
  }

  /// A call that waited for a lease is looked at again.
  public mutating func admitAgain(
    _ workspaceID: WorkspaceID, limit: Int64?, at moment: CallMoment
  ) -> CallAdmission {
    decide(workspaceID, limit: limit, at: moment)
  }

  private mutating func decide(
    _ workspaceID: WorkspaceID, limit: Int64?, at moment: CallMoment
  ) -> CallAdmission {
    var account = accounts[workspaceID] ?? Account(at: moment.uptime)
    defer { accounts[workspaceID] = account }
    account.lastCall = moment.uptime
    if var lease = account.lease {
      if lease.holds(at: moment.clock) {
        lease.spent += 1
        account.lease = lease.isSpent ? nil : lease
        if lease.isSpent { settlements.append(lease.settlement) }
        return .admitted(lease.receipt)
      }
      settlements.append(lease.settlement)
      account.lease = nil
    }
    if let asked = account.asked {
      guard !asked.isUnderWay else { return .waits }
      account.asked?.isUnderWay = true
      return .needsLease(asked.command)
    }
    if let refusal = account.refusal {
      if refusal.holds(limit: limit, at: moment) { return .refused(refusal.quota) }
      account.refusal = nil
    }
    leases += 1
    let command = LeaseCalls(
      id: leaseID(leases), workspaceID: workspaceID, holder: name,
      wanted: min(account.demand.expected(at: moment.uptime), StateLimits.callsPerLease),
      milliseconds: Self.leaseLength)
    account.asked = Asked(command: command, isUnderWay: true)
    return .needsLease(command)
  }

  private func leaseID(_ number: UInt64) -> CallLeaseID {
    CallLeaseID(
      entropy: incarnation + withUnsafeBytes(of: number.bigEndian) { Array($0) })
  }

  /// A call that was counted came to nothing: it is not counted, if its lease is still here.
  public mutating func undo(_ receipt: CallReceipt) {
    if accounts[receipt.workspaceID]?.lease?.lease.id == receipt.leaseID {
      accounts[receipt.workspaceID]?.lease?.spent -= 1
    } else if let place = settlements.lastIndex(where: { $0.id == receipt.leaseID }) {
      settlements[place].spent -= 1
    }
  }

  // MARK: What came of asking

  /// Whether a lease is being asked for, so that whoever waits will hear of it.
  public func isAsking(for workspaceID: WorkspaceID) -> Bool {
    accounts[workspaceID]?.asked?.isUnderWay ?? false
  }

  /// The lease was granted.
  public mutating func granted(_ grant: CallGrant) {
    let held = HeldLease(grant)
    let id = grant.lease.workspaceID
    guard accounts[id]?.asked?.command.id == grant.lease.id else {
      return settlements.append(held.settlement)
    }
    accounts[id]?.asked = nil
    accounts[id]?.refusal = nil
    accounts[id]?.lease = held
  }

  /// The lease was refused, and does not exist.
  public mutating func refused(_ command: LeaseCalls, _ rejection: Rejection, at moment: CallMoment)
  {
    accounts[command.workspaceID]?.asked = nil
    if case .quotaExceeded(let quota) = rejection {
      accounts[command.workspaceID]?.refusal = Refusal(
        quota: quota, until: moment.uptime + Self.refusalTime)
    }
  }

  /// Nobody knows whether the lease was granted.
  public mutating func unanswered(_ command: LeaseCalls) {
    accounts[command.workspaceID]?.asked?.isUnderWay = false
  }

  /// Leases of which nothing is known and for which nobody waits: to be asked for again, so that none
  /// is left to expire.
  public mutating func takeUnanswered() -> [LeaseCalls] {
    let workspaces = accounts.filter { $0.value.asked.map { !$0.isUnderWay } ?? false }.keys
      .sorted { $0.rawValue < $1.rawValue }
    return workspaces.compactMap { id in
      accounts[id]?.asked?.isUnderWay = true
      return accounts[id]?.asked?.command
    }
  }

  // MARK: Returning

  /// What is to be returned now: leases that are spent, whose workspace makes no more calls, or that
  /// are near their end. Ask again as long as there are as many as one command takes.
  public mutating func takeReturns(at moment: CallMoment) -> [CallReturn] {
    let quiet = accounts.filter { _, account in
      isClosed || moment.uptime - account.lastCall >= Self.idleTime
        || account.lease.map { !$0.holds(at: moment.clock) } ?? false
    }
    for id in quiet.keys.sorted(by: { $0.rawValue < $1.rawValue }) { retire(id, at: moment) }
    let taken = settlements.prefix(Int(StateLimits.returnsAtOnce))
    settlements.removeFirst(taken.count)
    return Array(taken)
  }

  private mutating func retire(_ id: WorkspaceID, at moment: CallMoment) {
    guard let account = accounts[id] else { return }
    if let lease = account.lease {
      settlements.append(lease.settlement)
      accounts[id]?.lease = nil
    }
    if account.asked == nil, moment.uptime - account.lastCall >= Self.idleTime {
      accounts[id] = nil
    }
  }

  /// Nobody knows whether these were settled: they are returned again. A lease is settled once.
  public mutating func unreturned(_ returns: [CallReturn]) {
    settlements = returns + settlements
  }

  /// Lets nothing through any more: everything goes back.
  public mutating func close() {
    isClosed = true
  }

  /// Whether nothing is left to ask for or to return.
  public var isEmpty: Bool {
    settlements.isEmpty && accounts.values.allSatisfy { $0.lease == nil && $0.asked == nil }
  }
}
