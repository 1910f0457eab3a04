/// A kind of fault that a run may have. Each seed switches a random subset on; a run can be restricted
/// to some of them.
///
/// To add a kind, add a case and its summary, and name it in `Fault.kind` or `FaultPlan.chances`: the
/// command line, its help and the minimisation know all cases.
public enum FaultKind: String, CaseIterable, Sendable, Codable {
  case loss
  case duplication
  case delay
  case partitions
  case oneWayPartitions = "one-way-partitions"
  case kills
  case powerLosses = "power-losses"
  case blackouts
  case crashLoops = "crash-loops"
  case diskWorkCrashes = "disk-work-crashes"
  case effectCrashes = "effect-crashes"
  case lateThreads = "late-threads"
  case keptMessages = "kept-messages"
  case pauses
  case diskErrors = "disk-errors"
  case diskStalls = "disk-stalls"
  case clockDrift = "clock-drift"
  case transfers
  case clockJumps = "clock-jumps"
  case lastOutages = "last-outages"
  case bitRot = "bit-rot"
  case lostWrites = "lost-writes"
  case misdirectedWrites = "misdirected-writes"
  case fullDisks = "full-disks"
  case slowDisks = "slow-disks"
  case membership
  case diskLoss = "disk-loss"
  case forgottenLeaders = "forgotten-leaders"
  case campaigns
  case usurpations
  case priorities
  case slowNodes = "slow-nodes"
  case machineStops = "machine-stops"
  case versionChanges = "version-changes"
  case snapshots
  case tornSectors = "torn-sectors"

  /// What goes wrong, in a few words.
  public var summary: String {
    switch self {
    case .loss: "messages are lost"
    case .duplication: "messages arrive twice"
    case .delay: "messages arrive long after they were sent"
    case .partitions: "groups of members can't reach each other"
    case .oneWayPartitions: "messages pass between two groups in one direction only"
    case .kills: "processes are killed"
    case .powerLosses: "a member's power fails"
    case .blackouts: "the power of all members fails at once"
    case .crashLoops: "a member is killed again and again, soon after each start"
    case .diskWorkCrashes: "kills and power failures come within a disk operation"
    case .effectCrashes: "kills and power failures come between two effects"
    case .lateThreads: "threads begin late with what is theirs to do"
    case .keptMessages: "messages to a process that has ended reach the next one"
    case .pauses: "processes stand still for a while"
    case .diskErrors: "writes and synchronizations fail"
    case .diskStalls: "synchronizations take very long"
    case .clockDrift: "clocks run too fast or too slow"
    case .transfers: "leadership is handed over"
    case .lastOutages: "in the end a minority is cut off once more, and the others must serve"
    case .bitRot: "disks change what they hold, in a minority"
    case .lostWrites: "disks lose a write that they have confirmed, in a minority"
    case .misdirectedWrites: "disks write to the wrong place, in a minority"
    case .fullDisks: "disks are full for a while"
    case .slowDisks: "disks are slow for a while"
    case .clockJumps: "wall clocks, which stamp the tenants' commands, are set forward or back"
    case .membership: "members are added, removed, replaced, promoted and demoted"
    case .diskLoss: "members lose their disks for good, and others take their places"
    case .forgottenLeaders: "followers are told to forget their leader"
    case .campaigns: "members are told to campaign"
    case .usurpations:
      "a leader is cut off and another elected at once, with messages still on their way"
    case .priorities: "members have priorities, and leadership goes to the highest"
    case .slowNodes: "a member gets little of its processor for a while"
    case .machineStops: "whole machines stand still for a while, as virtual ones do"
    case .snapshots: "members are asked for a snapshot at any time"
    case .tornSectors: "power failures tear the sector that is being written"
    case .versionChanges: "members are restarted with a newer or an older version of the program"
    }
  }
}
