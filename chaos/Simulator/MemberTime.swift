import Raft

/// How time passes for a member: by its clock, by its ticks, and by what keeps it from running.
struct MemberTime {
  var clock = MonotonicClock()
  /// Ticks that are due and that the process has not handled.
  var ticksDue = 0
  /// The process does everything slowly until then.
  var slowUntil: Microseconds = 0
  /// The whole machine stands still until then: nothing reaches it.
  var stoppedUntil: Microseconds = 0

  /// The process has ended, with the machine or without.
  mutating func processEnded(at now: Microseconds) {
    clock.goOn(at: now)
    ticksDue = 0
    stoppedUntil = 0
  }
}

/// What the seed decides about time.
extension FaultPlan {
  /// Draws how members make up for ticks, and whether leaders have leases: at most as long as is safe
  /// for clocks that drift as these do.
  mutating func drawTime(_ random: inout RandomSource) {
    ticksAtOnce = random.pick([1, 1, 2, 3, 5])
    guard random.coin() else { return }
    let longest = longestSafeLease.duration
    let duration = random.coin() ? longest : random.next(below: longest + 1)
    replica.consensus.lease = LeaseOptions(duration: duration)
  }

  private var longestSafeLease: LeaseOptions {
    .longestSafe(
      electionTicks: replica.consensus.electionTicks, tick: UInt64(tickInterval) * 1_000,
      ticksAtOnce: ticksAtOnce, drift: UInt64(drift))
  }

  /// Changes what has to be another to let the sabotage show.
  mutating func prepare(for sabotage: Sabotage?) {
    switch sabotage {
    case .leasesOutlivePromises:
      let promise = replica.consensus.electionTicks * tickInterval * 1_000
      replica.consensus.lease = LeaseOptions(duration: UInt64(20 * promise))
    case .clocksStandStill:
      replica.consensus.lease = longestSafeLease
      faults.removeAll { $0.fault == .stopMachine }
      faults.append((.stopMachine, pace.stretch(500_000)))
    default: break
    }
  }
}

extension Simulation {
  /// What a member's monotonic clock shows.
  func reading(of member: SimulatedMember) -> Moment {
    member.time.clock.reading(at: now, tick: plan.tickInterval, interval: member.tickInterval)
  }

  /// The same, counted from some moment.
  func uptime(of member: SimulatedMember) -> Duration {
    .nanoseconds(Int64(reading(of: member).rawValue))
  }

  /// A tick falls due. However many do while the process is kept from running, it makes up for few.
  func tick(_ number: Int, _ incarnation: Int) {
    let member = members[number]
    guard member.incarnation == incarnation, let process = member.process else { return }
    scheduler.schedule(.tick(member: number, incarnation: incarnation), after: member.tickInterval)
    if member.time.ticksDue == plan.ticksAtOnce {
      coverage.count(.ticksDropped)
    } else {
      member.time.ticksDue += 1
    }
    scheduleWake(of: member, process)
  }

  /// The ticks that a process handles now.
  private func takeTicks(of member: SimulatedMember) -> [Event] {
    defer { member.time.ticksDue = 0 }
    if member.time.ticksDue > 1 { coverage.count(.ticksMadeUp, member.time.ticksDue - 1) }
    return [Event](repeating: .tick, count: member.time.ticksDue)
  }

  /// What a process finds to do when it wakes, in pieces of which each is finished before the next. Ticks
  /// come last: a heartbeat that waited was in time.
  ///
  /// A process that stood still finds its connections full and reads one after the other, whichever comes
  /// first: what is old on one is then heard after what is new on another.
  func takeInbox(of member: SimulatedMember, _ process: MemberProcess) -> [[Event]] {
    let events = process.inbox
    process.inbox = []
    var pieces = [events]
    if member.pausedUntil == now, events.count > 1 {
      pieces = random.shuffled(bySource(events, member))
    }
    pieces[pieces.count - 1] += takeTicks(of: member)
    return pieces
  }

  /// What came from each peer, and what the member's own clients and threads have for it.
  private func bySource(_ events: [Event], _ member: SimulatedMember) -> [[Event]] {
    var sources: [MemberID] = []
    var streams: [[Event]] = []
    for event in events {
      var source = member.id
      if case .receive(let message) = event { source = message.from }
      if let known = sources.firstIndex(of: source) {
        streams[known].append(event)
      } else {
        sources.append(source)
        streams.append([event])
      }
    }
    return streams
  }

  /// How much longer than usual a piece of a member's work takes.
  func slowness(of member: SimulatedMember) -> Microseconds {
    member.time.slowUntil > now ? random.drawScaled(pace.stretch(1_000...64_000)) : 0
  }

  // MARK: Faults

  func slowDown(_ member: SimulatedMember) {
    coverage.count(.slowPeriods)
    member.time.slowUntil = max(
      member.time.slowUntil, now + random.drawScaled(pace.stretch(100_000...5_000_000)))
  }

  /// The whole machine stands still, as a virtual one does that is moved to another host. Its clock may
  /// stand still with it only where nobody trusts clocks: leaders that have leases do, and so does whoever
  /// answers a stale read by an authority lease.
  func stopMachine(of member: SimulatedMember) {
    coverage.count(.machineStops)
    let end = now + random.drawScaled(pace.stretch(20_000...3_000_000))
    member.time.stoppedUntil = max(member.time.stoppedUntil, end)
    member.pausedUntil = max(member.pausedUntil, member.time.stoppedUntil)
    let isTrusted =
      (plan.replica.consensus.lease != nil || plan.workload == .tenants)
      && options.sabotage != .clocksStandStill
    if !isTrusted, options.sabotage == .clocksStandStill || random.coin() {
      coverage.count(.clocksStoodStill)
      member.time.clock.standStill(from: now, until: member.time.stoppedUntil)
    }
  }

  /// When a client that wants to ask a member's machine is heard: at once, or, if the machine stands
  /// still, soon after it goes on.
  func lateness(at member: SimulatedMember) -> Microseconds? {
    let wait = member.time.stoppedUntil - now
    return wait > 0 ? wait + random.draw(network.behavior.latency) : nil
  }
}
