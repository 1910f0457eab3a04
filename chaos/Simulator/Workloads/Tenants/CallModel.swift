import CloudState

/// What API calls must come to: the judge of leases, and of what nodes let through by them. It takes over
/// which leases exist, and none of the arithmetic.
struct CallModel {
  private static let day: Int64 = 86_400_000
  /// Counts of earlier days than so many ago may have been forgotten.
  private static let daysKept: Int64 = 400

  var coverage = Coverage()
  private var accounts: [WorkspaceID: Account] = [:]
  private var leases: [CallLeaseID: Lease] = [:]
  /// Of them, those whose standing is that.
  private var open: Set<CallLeaseID> = []

  private struct Account {
    /// Nil means unlimited.
    var limit: Int64?
    /// By day, what had been leased when the limit was last changed: that may still be spent, whatever the
    /// limit is now.
    var leasedBefore: [Int64: Int64] = [:]
    /// By day, what is settled.
    var spent: [Int64: Int64] = [:]
    /// By day, the calls that nodes have really let through.
    var admitted: [Int64: Int64] = [:]
    /// By day, the calls that nobody made of leases that expired.
    var lost: [Int64: Int64] = [:]

    /// The most calls that nodes may have let through on a day; nil means any number.
    func bound(on day: Int64) -> Int64? {
      limit.map { max($0, leasedBefore[day] ?? 0) }
    }
  }

  private struct Lease {
    var workspace: WorkspaceID
    var holder: String
    var calls: Int64
    var day: Int64
    var end: Int64
    var standing = Standing.open
    /// The calls that its holder has really let through.
    var admitted: Int64 = 0
  }

  private enum Standing {
    case open, returned, expired
    /// The workspace was deleted: its rows go when the house is kept, and until then it can be returned.
    case leftBehind
  }

  // MARK: Workspaces

  mutating func open(_ id: WorkspaceID, limit: Int64?) { accounts[id] = Account(limit: limit) }

  /// A higher limit can be used at once, a lower one takes nothing away that is leased.
  mutating func change(_ id: WorkspaceID, limit: Int64?) {
    guard var account = accounts[id] else { return }
    account.limit = limit
    account.leasedBefore = counts(of: id).mapValues { $0.spent + $0.outstanding }
    accounts[id] = account
    if let limit, account.leasedBefore.values.contains(where: { $0 > limit }) {
      coverage.count(.callLimitsUndercut)
    }
  }

  mutating func remove(_ id: WorkspaceID) {
    accounts[id] = nil
    for (place, lease) in leases where lease.workspace == id {
      close(place, .leftBehind)
    }
  }

  private mutating func close(_ id: CallLeaseID, _ standing: Standing) {
    leases[id]?.standing = standing
    open.remove(id)
  }

  func limit(of id: WorkspaceID) -> Int64? { accounts[id]?.limit }

  // MARK: What nodes let through

  /// A node lets a call through; `clock` is the later of its own and the state's.
  mutating func admitted(_ receipt: CallReceipt, at clock: Timestamp) -> Finding? {
    coverage.count(.callsAdmitted)
    leases[receipt.leaseID]?.admitted += 1
    guard let lease = leases[receipt.leaseID], lease.admitted <= lease.calls else {
      return wrong("more calls were let through than \(receipt.leaseID) has")
    }
    guard lease.day == clock.milliseconds / Self.day else {
      return wrong("a call was taken from \(receipt.leaseID), which is of another day")
    }
    guard lease.workspace == receipt.workspaceID else {
      return wrong("a call was taken from \(receipt.leaseID), which is another workspace's")
    }
    switch lease.standing {
    case .open: break
    case .returned: return wrong("a call was taken from \(receipt.leaseID), which was returned")
    // The holder has not heard of that, and all of the lease counts anyway.
    case .expired: accounts[lease.workspace]?.lost[lease.day, default: 0] -= 1
    case .leftBehind: return nil
    }
    accounts[lease.workspace]?.admitted[lease.day, default: 0] += 1
    let admitted = accounts[lease.workspace]?.admitted[lease.day] ?? 0
    if let bound = accounts[lease.workspace]?.bound(on: lease.day), admitted > bound {
      return wrong(
        "\(lease.workspace) was let through \(admitted) calls in a day, \(bound) are allowed")
    }
    return nil
  }

  // MARK: What is committed

  mutating func expire(at clock: Int64) {
    for id in open {
      guard let lease = leases[id], lease.end <= clock else { continue }
      coverage.count(.callLeasesExpired)
      close(id, .expired)
      accounts[lease.workspace]?.spent[lease.day, default: 0] += lease.calls
      accounts[lease.workspace]?.lost[lease.day, default: 0] += lease.calls - lease.admitted
    }
  }

  private func outstanding(_ id: WorkspaceID, _ day: Int64) -> Int64 {
    open.reduce(0) { sum, place in
      guard let lease = leases[place], lease.workspace == id, lease.day == day else { return sum }
      return sum + lease.calls
    }
  }

  mutating func granted(_ grant: CallGrant, at clock: Int64) -> Finding? {
    coverage.count(.callLeasesGranted)
    let lease = grant.lease
    let day = clock / Self.day
    guard let account = accounts[lease.workspaceID] else {
      return wrong("calls of \(lease.workspaceID), which does not exist, were leased")
    }
    guard lease.day.ordinal == day, lease.calls > 0 else {
      return wrong("\(lease.id) is not of the present day, or has no calls")
    }
    let taken = account.spent[day, default: 0] + outstanding(lease.workspaceID, day)
    if let limit = account.limit, taken + lease.calls > limit {
      return wrong(
        "\(lease.workspaceID) has \(taken) of \(limit) calls, \(lease.calls) more were leased")
    }
    leases[lease.id] = Lease(
      workspace: lease.workspaceID, holder: lease.holder, calls: lease.calls, day: day,
      end: lease.expiresAt.milliseconds)
    open.insert(lease.id)
    return nil
  }

  func refused(_ command: LeaseCalls, at clock: Int64) -> Finding? {
    let day = clock / Self.day
    guard let account = accounts[command.workspaceID] else { return nil }
    let taken = account.spent[day, default: 0] + outstanding(command.workspaceID, day)
    if let limit = account.limit, taken >= limit { return nil }
    return wrong("\(command.workspaceID) has \(taken) calls taken, and one more was refused")
  }

  /// A holder says what was let through: exactly that comes to be counted.
  mutating func returned(_ command: ReturnCalls, settled: Int64) -> Finding? {
    var (count, leftBehind): (Int64, Int64) = (0, 0)
    for item in command.returns {
      guard let lease = leases[item.id], [.open, .leftBehind].contains(lease.standing) else {
        continue
      }
      guard item.spent == lease.admitted else {
        return wrong(
          "\(item.id) was returned with \(item.spent) calls made, \(lease.admitted) were let through"
        )
      }
      guard lease.standing == .open else {
        leftBehind += 1
        continue
      }
      coverage.count(.callLeasesReturned)
      count += 1
      close(item.id, .returned)
      accounts[lease.workspace]?.spent[lease.day, default: 0] += item.spent
    }
    return (count...count + leftBehind).contains(settled)
      ? nil : wrong("\(settled) leases were settled, expected are \(count)")
  }

  // MARK: The end

  /// By day, what is spent and leased.
  func counts(of id: WorkspaceID) -> [Int64: (spent: Int64, outstanding: Int64)] {
    guard let spent = accounts[id]?.spent else { return [:] }
    var counts = spent.mapValues { (spent: $0, outstanding: Int64(0)) }
    for place in open {
      guard let lease = leases[place], lease.workspace == id else { continue }
      counts[lease.day, default: (0, 0)].outstanding += lease.calls
    }
    return counts
  }

  /// The first day whose counts are still to be there.
  static func oldestDay(at clock: Timestamp) -> Int64 { clock.milliseconds / day - daysKept }

  /// How many calls must still be possible on a day once nobody alive holds any: all that were neither
  /// made, nor lost with a lease that expired, nor held by the dead. Nil means any number.
  func rest(of id: WorkspaceID, at clock: Timestamp) -> Int64? {
    let day = clock.milliseconds / Self.day
    guard let account = accounts[id], let limit = account.limit else { return nil }
    let held = open.reduce(Int64(0)) { sum, place in
      guard let lease = leases[place], lease.workspace == id, lease.day == day else { return sum }
      return sum + lease.calls - lease.admitted
    }
    let used = account.admitted[day, default: 0] + account.lost[day, default: 0]
    return max(0, limit - used - held)
  }

  /// Only the dead hold anything, once everybody alive has returned what they had.
  func leak(living: [String]) -> Finding? {
    let kept = open.filter { leases[$0].map { living.contains($0.holder) } ?? false }
    guard let id = kept.min(by: { $0.rawValue < $1.rawValue }) else { return nil }
    return wrong("\(id) was never returned, though its holder lives")
  }

  private func wrong(_ details: String) -> Finding { Finding(property: .quota, details: details) }
}
