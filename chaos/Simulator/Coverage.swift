/// How often each fault was made and each rare event of the protocol occurred.
public struct Coverage: Sendable, Codable {
  /// What is counted, in the order in which it is reported.
  public enum Item: String, CaseIterable, Sendable, Codable {
    // Network
    case messagesSent = "messages sent"
    case messagesDropped = "messages dropped"
    case messagesDuplicated = "messages duplicated"
    case messagesDelayed = "messages delayed for long"
    case messagesReordered = "messages overtaken by later ones"
    case messagesCut = "messages lost to a partition"
    case partitions = "symmetric partitions"
    case oneWayPartitions = "one-way partitions"
    case lastOutages = "minorities cut off in the end"
    // Members
    case processCrashes = "processes killed"
    case powerLosses = "power losses of one member"
    case blackouts = "power losses of all members"
    case crashesInDiskWork = "crashes within a disk operation"
    case crashesInApplying = "crashes within a batch of the state machine"
    case crashesBetweenEffects = "crashes between two effects"
    case crashesInRecovery = "crashes during recovery"
    case restarts = "restarts"
    case crashLoops = "members killed again and again"
    case pauses = "processes paused"
    case slowPeriods = "members slowed down"
    case machineStops = "machines that stood still"
    case clocksStoodStill = "monotonic clocks that stood still with their machine"
    case ticksMadeUp = "ticks made up for"
    case ticksDropped = "ticks dropped after standing still"
    case upgrades = "members restarted with a newer version"
    case downgrades = "members restarted with an older version"
    case levelsRaised = "feature levels raised"
    case outdatedStops = "older versions that met a newer level"
    case refusedStarts = "starts refused to an older version"
    // Disk
    case diskErrors = "disk errors"
    case diskStalls = "slow synchronizations"
    case fullDisks = "disks full for a while"
    case refusedForSpace = "operations refused for want of space"
    case slowDisks = "disks slow for a while"
    case slowLeadersHandOver = "leaders with a slow disk that handed over"
    case logsReopened = "logs opened anew by a running process"
    case snapshotsFailed = "snapshots that could not be taken, read or stored"
    case tornFiles = "torn writes"
    case namesLost = "names forgotten by a directory"
    case tailsCut = "log tails lost or cut at recovery"
    case databasesLost = "databases lost and rebuilt"
    case databasesBehind = "databases behind their log at restart"
    case bitsRotted = "disks that changed what they held"
    case writesLost = "confirmed writes lost"
    case writesMisdirected = "writes to the wrong place"
    case logsDamaged = "places damaged in the log"
    case snapshotsDamaged = "places damaged in snapshots"
    case ballotsDamaged = "places damaged in the ballot"
    case quarantineFilesDamaged = "places damaged in the note of a quarantine"
    case receivedPiecesDamaged = "places damaged in received pieces"
    case damageVanished = "damaged places compacted or overwritten before they were met"
    case damageMet = "damage met by a running member"
    case quarantines = "quarantines begun for a damaged log"
    case quarantinesForSnapshots = "quarantines begun for damaged snapshots"
    case quarantinesEnded = "quarantines ended"
    case snapshotsSetAside = "damaged snapshots set aside"
    case databasesErased = "databases ahead of a damaged log, and rebuilt"
    // Elections
    case inquiries = "pre-vote campaigns"
    case elections = "vote campaigns"
    case leaders = "leaders elected"
    case stepDowns = "leaders that stepped down in their own term"
    case transfersAsked = "leadership transfers asked for"
    case transferElections = "elections by transfer"
    case priorityTransfers = "leadership handed to a member of higher priority"
    case leadersForgotten = "members told to forget their leader"
    // Membership
    case changesAsked = "membership changes asked for"
    case changesAskedAgain = "membership changes asked for again"
    case changesForwarded = "membership changes forwarded"
    case changesDecided = "membership changes decided"
    case changesUnknown = "membership changes of unknown outcome"
    case refusedNoLeader = "changes refused: no leader"
    case refusedNotReady = "changes refused: leader not ready"
    case refusedUnderWay = "changes refused: another under way"
    case refusedNotJoint = "changes refused: nothing to leave"
    case refusedUnknownMember = "changes refused: unknown member"
    case refusedAlreadyMember = "changes refused: member already"
    case refusedWrongRole = "changes refused: wrong role"
    case refusedNotCaughtUp = "changes refused: not caught up"
    case refusedNoVoters = "changes refused: no voters"
    case refusedLosesQuorum = "changes refused: loses the live quorum"
    case refusedFeatureLevelTooLow = "changes refused: too old a program"
    case learnersAdded = "learners added"
    case votersAdded = "voters added at once"
    case membersRemoved = "members removed"
    case leadersRemoved = "leaders that removed themselves"
    case membersReplaced = "members replaced in one change"
    case demotions = "voters demoted"
    case promotions = "learners promoted by hand"
    case promotionsByCatchUp = "learners promoted when caught up"
    case membersUpdated = "addresses or priorities changed"
    case jointEntered = "joint configurations entered"
    case jointLeftByItself = "joint configurations left by themselves"
    case jointLeftOnRequest = "joint configurations left on request"
    case configurationsRolledBack = "configurations rolled back"
    case disksLost = "disks lost for good"
    case disksSpared = "disks spared because the cluster needs them"
    case joinersRestarted = "restarts of members that joined later"
    case removedInquire = "pre-vote campaigns of removed members"
    case removedElected = "elections won by members on their way out"
    case membersShutDown = "removed members shut down"
    case leaseReads = "batches of reads answered by a lease"
    case leaseMisses = "batches of reads without a valid lease"
    case leasesForsworn = "leases forsworn"
    // Log
    case entriesCommitted = "entries committed"
    case truncations = "uncommitted entries replaced"
    case rejections = "appends rejected for a gap or conflict"
    case readsForPeers = "entries read from disk for a peer"
    case readsForApplying = "entries read from disk to apply"
    case readsInVain = "entries gone before they were read"
    // Snapshots
    case snapshotsTaken = "snapshots taken"
    case compactions = "logs compacted"
    case chunksSent = "snapshot pieces sent"
    case chunksMissing = "snapshot pieces gone before they were read"
    case snapshotsReceived = "snapshots received whole"
    case snapshotsRejected = "received snapshots rejected"
    case snapshotsInstalled = "snapshots installed"
    case logRestarts = "logs begun anew after a snapshot"
    // Clients
    case writesAcknowledged = "writes acknowledged"
    case writesForwarded = "proposals forwarded"
    case writesRefused = "proposals refused"
    case unknownOutcomes = "unknown outcomes"
    case writesRetried = "writes sent again"
    case writesRepeated = "repeated writes recognised"
    case writesAbandoned = "writes abandoned"
    case clockJumps = "wall clocks set forward or back"
    case tenantsRegistered = "users and workspaces registered"
    case membershipsChanged = "memberships changed"
    case keysCreated = "API keys created"
    case keysRevoked = "API keys revoked"
    case rowsReserved = "reservations made"
    case reservationsSettled = "reservations settled"
    case reservationsReleased = "reservations released"
    case reservationsExpired = "reservations expired"
    case quotaRefusals = "commands refused by quota"
    case commandsRefused = "commands refused for other reasons"
    case requestsRepeated = "repeated commands answered from memory"
    case requestsForgotten = "outcomes forgotten after their retention"
    case readsAnswered = "linearizable reads answered"
    case readsFailed = "linearizable reads refused"
    case operationsJudged = "operations of clients judged in order"

    /// Where it stands among all. Looking that up by name would cost more than counting: cases without
    /// payload are a byte that numbers them in order (docs/ABI/TypeLayout.rst of the Swift project).
    fileprivate var place: Int { Int(unsafeBitCast(self, to: UInt8.self)) }
  }

  private var counts = [Int](repeating: 0, count: Item.allCases.count)

  /// Nothing has occurred.
  public init() {}

  /// How often something occurred.
  public subscript(item: Item) -> Int { counts[item.place] }

  mutating func count(_ item: Item, _ times: Int = 1) {
    counts[item.place] += times
  }

  /// Adds what occurred in another run.
  public mutating func add(_ other: Coverage) {
    for i in counts.indices { counts[i] += other.counts[i] }
  }
}
