import AllocationCounter
import Measuring
import Raft

/// Three replicas in memory, and the codec that stands between them elsewhere.
enum ProtocolBenchmark {
  private static let rounds = 9
  private static let payload = [UInt8](repeating: 7, count: 128)

  static func run() {
    report("The protocol: 3 members in one thread, \(payload.count) bytes a proposal")
    for (outstanding, count) in [(1, 50_000), (64, 200_000), (1024, 200_000)] {
      measure(outstanding: outstanding, count: count)
    }
    report("The codec: an append of 64 entries of \(payload.count) bytes")
    measureCodec()
  }

  private static func measure(outstanding: Int, count: Int) {
    var cluster = MemoryCluster(members: 3)
    cluster.run(count / 10, outstanding: outstanding, payload: payload)
    var rates: [Double] = []
    var steps: [Double] = []
    var allocations = 0.0
    var events = 0.0
    for _ in 0..<rounds {
      let eventsBefore = cluster.events
      let allocationsBefore = allocation_count()
      let time = seconds { measured(count, outstanding, in: &cluster) }
      events = Double(cluster.events - eventsBefore)
      allocations = Double(allocation_count() - allocationsBefore)
      rates.append(Double(count) / time)
      steps.append(time / events * 1e9)
    }
    report(
      """
        \(outstanding) outstanding: \(Spread(rates).grouped) proposals/s; a step takes \
      \(Spread(steps).grouped) ns and \(places(allocations / events)) allocations, a proposal \
      \(places(events / Double(count))) steps and \(places(allocations / Double(count))) allocations
      """)
  }

  /// A few proposals, for a tool that counts what they take and is slow.
  static func propose(_ count: Int, outstanding: Int) {
    var cluster = MemoryCluster(members: 3)
    cluster.run(200, outstanding: outstanding, payload: payload)
    measured(count, outstanding, in: &cluster)
  }

  /// A function of its own, whose instructions callgrind counts alone: see `Benchmarks/consensus`.
  @inline(never)
  private static func measured(_ count: Int, _ outstanding: Int, in cluster: inout MemoryCluster) {
    cluster.run(count, outstanding: outstanding, payload: payload)
  }

  private static func measureCodec() {
    let entries = (1...64).map { index in
      Entry(
        position: LogPosition(index: LogIndex(UInt64(index + 1_000_000)), term: Term(7)),
        content: .command(
          payload, proposal: ProposalID(member: MemberID(1), sequence: UInt64(index))))
    }
    let message = Message(
      from: MemberID(1), to: MemberID(2), term: Term(7),
      body: .append(
        Append(
          previous: LogPosition(index: LogIndex(1_000_000), term: Term(7)), entries: entries,
          commit: LogIndex(1_000_000))))
    let bytes = WireCodec.encode(message)
    let count = 2_000
    measureCodec("encoding", bytes.count, count) {
      for _ in 0..<count { precondition(WireCodec.encode(message).count == bytes.count) }
    }
    measureCodec("decoding", bytes.count, count) {
      for _ in 0..<count {
        guard let decoded = try? WireCodec.decodeMessage(bytes) else { preconditionFailure() }
        precondition(decoded.to == message.to)
      }
    }
  }

  private static func measureCodec(_ name: String, _ size: Int, _ count: Int, _ body: () -> Void) {
    var times: [Double] = []
    var allocations = 0.0
    for _ in 0..<rounds {
      let before = allocation_count()
      times.append(seconds(body) / Double(count))
      allocations = Double(allocation_count() - before) / Double(count)
    }
    report(
      """
        \(name): \(Spread(times.map { $0 * 1e9 / 64 }).grouped) ns an entry, \
      \(Spread(times.map { Double(size) / $0 / 1e6 }).grouped) MB/s, \
      \(places(allocations / 64)) allocations an entry
      """)
  }

  private static func places(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
}
