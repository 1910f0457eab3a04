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
  /// To be returned: never spent again.
  private var settlements: [HeldLease] = []
  /// Being returned, by the number of the attempt.
  private var attempts: [Int: [HeldLease]] = [:]
  private var lastAttempt = 0
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

    func holds(at moment: CallMoment) -> Bool {
      moment.uptime < until && quota.resetsAt.map { moment.clock < $0 } ?? true
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
    // Another limit is another quota: what was granted or refused before says nothing of it.
    if let lease = accounts[workspaceID]?.lease, lease.limit != limit { letGo(of: workspaceID) }
    if let refusal = accounts[workspaceID]?.refusal, refusal.quota.limit != limit {
      accounts[workspaceID]?.refusal = nil
    }
    return decide(workspaceID, at: moment)
  }

  /// A call that waited for a lease is looked at again. What the cluster has said meanwhile holds for it,
  /// also if that is of another limit than the call came with: it is the newer one.
  public mutating func admitAgain(
    _ workspaceID: WorkspaceID, at moment: CallMoment
  ) -> CallAdmission {
    decide(workspaceID, at: moment)
  }

  private mutating func decide(
    _ workspaceID: WorkspaceID, at moment: CallMoment
  ) -> CallAdmission {
    var account = accounts[workspaceID] ?? Account(at: moment.uptime)
    defer { accounts[workspaceID] = account }
    account.lastCall = moment.uptime
    if var lease = account.lease {
      if lease.holds(at: moment.clock) {
        lease.spend(at: moment.uptime)
        account.lease = lease.isSpent ? nil : lease
        if lease.isSpent { settlements.append(lease) }
        return .admitted(lease.receipt)
      }
      settlements.append(lease)
      account.lease = nil
    }
    if let asked = account.asked {
      guard !asked.isUnderWay else { return .waits }
      account.asked?.isUnderWay = true
      return .needsLease(asked.command)
    }
    if let refusal = account.refusal {
      if refusal.holds(at: moment) { return .refused(refusal.quota) }
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

  /// A call that was let through has ended.
  ///
  /// - Parameter counts: Whether it stays counted. One that was refused after all, or failed, does
  ///   not, if its lease is still here.
  public mutating func ended(_ receipt: CallReceipt, counts: Bool) {
    let id = receipt.workspaceID
    if accounts[id]?.lease?.lease.id == receipt.leaseID {
      accounts[id]?.lease?.end(counts: counts)
    } else if let place = settlements.lastIndex(where: { $0.lease.id == receipt.leaseID }) {
      settlements[place].end(counts: counts)
      // What it gives back can be spent, unless the cluster may have leased it to another already.
      if !counts, !settlements[place].isTold, accounts[id] != nil, accounts[id]?.lease == nil {
        accounts[id]?.lease = settlements.remove(at: place)
      }
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
      return settlements.append(held)
    }
    accounts[id]?.asked = nil
    accounts[id]?.refusal = nil
    // A lease that was spent may have come back meanwhile, by a call that came to nothing.
    letGo(of: id)
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
  public mutating func takeUnanswered(limit: Int) -> [LeaseCalls] {
    let workspaces = accounts.filter { $0.value.asked.map { !$0.isUnderWay } ?? false }.keys
      .sorted { $0.rawValue < $1.rawValue }
    return workspaces.prefix(limit).compactMap { id in
      accounts[id]?.asked?.isUnderWay = true
      return accounts[id]?.asked?.command
    }
  }

  // MARK: Returning

  /// What is to be returned now: leases that are spent, whose workspace makes no more calls, or that
  /// are near their end; no more than one command takes.
  ///
  /// - Returns: The number of the attempt, for ``returned(_:)`` or ``unreturned(_:)``, if there is
  ///   anything.
  public mutating func takeReturns(
    at moment: CallMoment
  ) -> (attempt: Int, returns: [CallReturn])? {
    let quiet = accounts.filter { _, account in
      isClosed || moment.uptime - account.lastCall >= Self.idleTime
        || account.lease.map { !$0.holds(at: moment.clock) } ?? false
    }
    for id in quiet.keys.sorted(by: { $0.rawValue < $1.rawValue }) { retire(id, at: moment) }
    let due = settlements.indices.filter { isClosed || settlements[$0].isSettled(at: moment) }
      .prefix(Int(StateLimits.returnsAtOnce))
    guard !due.isEmpty else { return nil }
    for place in due { settlements[place].tell() }
    let taken = due.map { settlements[$0] }
    for place in due.reversed() { settlements.remove(at: place) }
    lastAttempt += 1
    attempts[lastAttempt] = taken
    return (lastAttempt, taken.map(\.settlement))
  }

  /// What is left of the workspace's lease goes back.
  private mutating func letGo(of id: WorkspaceID) {
    guard let lease = accounts[id]?.lease else { return }
    settlements.append(lease)
    accounts[id]?.lease = nil
  }

  private mutating func retire(_ id: WorkspaceID, at moment: CallMoment) {
    guard let account = accounts[id] else { return }
    letGo(of: id)
    if account.asked == nil, moment.uptime - account.lastCall >= Self.idleTime {
      accounts[id] = nil
    }
  }

  /// These are settled, or can't be.
  public mutating func returned(_ attempt: Int) {
    attempts[attempt] = nil
  }

  /// Nobody knows whether these were settled: they are returned again. A lease is settled once.
  public mutating func unreturned(_ attempt: Int) {
    settlements = (attempts.removeValue(forKey: attempt) ?? []) + settlements
  }

  /// How many calls were let through of leases that are not known to be settled.
  public func unsettled(of workspaceID: WorkspaceID) -> Int64 {
    let leases =
      [accounts[workspaceID]?.lease].compactMap { $0 } + settlements
      + attempts.values.joined()
    return leases.reduce(0) { $1.lease.workspaceID == workspaceID ? $0 + $1.spent : $0 }
  }

  /// Lets nothing through any more: everything goes back.
  public mutating func close() {
    isClosed = true
  }

  /// Whether nothing is left to ask for or to return.
  public var isEmpty: Bool {
    settlements.isEmpty && attempts.isEmpty
      && accounts.values.allSatisfy { $0.lease == nil && $0.asked == nil }
  }
}
