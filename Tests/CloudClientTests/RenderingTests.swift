import CloudClient
import Foundation
import Testing

@testable import clean_ctl

@Suite struct RenderingTests {
  private func member(_ name: String, _ role: ClusterStatus.Member.Role) -> ClusterStatus.Member {
    ClusterStatus.Member(
      id: "00ff", name: name, role: role, state: .healthy, peerAddress: "\(name):8100",
      url: "http://\(name):8000", version: "0.1.0", maxFeatureLevel: 2, matchIndex: 1204,
      appliedIndex: 1204, lag: 0,
      rttMilliseconds: 0.416, lastContactMilliseconds: 12, databaseBytes: 1_258_291,
      logBytes: 67_108_864, uptimeSeconds: 11_520)
  }

  @Test func healthyClusterAtAGlance() {
    var leader = member("clean-0", .leader)
    leader.rttMilliseconds = nil
    leader.lastContactMilliseconds = nil
    let status = ClusterStatus(
      clusterID: "c1", healthy: true, leader: "clean-0", term: 7, featureLevel: 1,
      members: [leader, member("clean-10", .follower)], commitIndex: 1204, appliedIndex: 1204)
    #expect(
      ClusterStatusView(status: status, style: .plain).text == """
        Cluster c1 is healthy
        leader clean-0, term 7, commit index 1,204, feature level 1

        NAME      ROLE      STATE    APPLIED  LAG  LAST CONTACT      RTT       DB     LOG  UPTIME  VERSION  MAX LEVEL  URL
        clean-0   leader    healthy    1,204    0             -        -  1.2 MiB  64 MiB   3.2 h  0.1.0            2  http://clean-0:8000
        clean-10  follower  healthy    1,204    0         12 ms  0.42 ms  1.2 MiB  64 MiB   3.2 h  0.1.0            2  http://clean-10:8000
        """)
  }

  @Test func unhealthyClusterSaysWhy() {
    let lost = ClusterStatus.Member(
      id: "1", name: "clean-1", role: .follower, state: .unreachable, peerAddress: "clean-1:8100")
    var late = member("clean-2", .learner)
    late.state = .catchingUp
    let status = ClusterStatus(
      clusterID: "c1", healthy: false, leader: nil, term: 7, featureLevel: 1,
      members: [lost, late], commitIndex: 9, appliedIndex: 9)
    let lines = ClusterStatusView(status: status, style: .plain).text.split(separator: "\n")
    #expect(
      lines[0] == "Cluster c1 is NOT healthy: no leader, clean-1 is unreachable, "
        + "clean-2 is catching up")
    #expect(lines[1] == "no leader, term 7, commit index 9, feature level 1")
    #expect(
      lines[3] == "clean-1  follower  unreachable        -    -             -        -        -"
        + "       -       -  -                -  -")
  }

  @Test func troubleWithADiskIsToldWithItsPlace() {
    var hurt = member("clean-1", .follower)
    hurt.state = .quarantined
    hurt.problem = .init(
      file: "/data/wal/wal-1.log", offset: 4_096, reason: "the checksum is wrong")
    var full = member("clean-2", .follower)
    full.state = .diskFull
    full.problem = .init(file: "/data/wal", reason: "no space")
    let status = ClusterStatus(
      clusterID: "c1", healthy: false, leader: "clean-0", term: 7, featureLevel: 1,
      members: [member("clean-0", .leader), hurt, full], commitIndex: 9, appliedIndex: 9)
    let lines = ClusterStatusView(status: status, style: .plain).text.split(separator: "\n")
    #expect(
      lines[0]
        == "Cluster c1 is NOT healthy: clean-1 is quarantined, the disk of clean-2 is full")
    #expect(lines[2] == "clean-1: /data/wal/wal-1.log, byte 4096: the checksum is wrong")
    #expect(lines[3] == "clean-2: /data/wal: no space")
  }

  @Test func colourMovesNoColumnAndIsOnlyForTerminals() {
    let table = Table(
      columns: [.text("NAME"), .number("N")],
      rows: [[Table.Cell("a", .red), "1"], ["bb", Table.Cell("20", .green)]])
    let colored = table.rendered(style: Style(isColored: true))
    #expect(colored.contains("\u{1B}[31ma\u{1B}[0m      1"))
    let bare = colored.replacing(/\u{1B}\[\d+m/, with: "")
    #expect(bare == table.rendered(style: .plain))
    #expect(Style.standardOutput(environment: [:], isTerminal: true).isColored)
    #expect(!Style.standardOutput(environment: [:], isTerminal: false).isColored)
    #expect(!Style.standardOutput(environment: ["NO_COLOR": "1"], isTerminal: true).isColored)
    #expect(Style.standardOutput(environment: ["NO_COLOR": ""], isTerminal: true).isColored)
    #expect(!Style.standardOutput(environment: ["TERM": "dumb"], isTerminal: true).isColored)
  }

  @Test func quantitiesHaveHumanUnits() {
    #expect(
      [0, 999, 1000, 1_234_567, -1000].map(Units.count)
        == ["0", "999", "1,000", "1,234,567", "-1,000"])
    #expect(
      [0, 1023, 1024, 1_258_291, 67_108_864, 1_048_575, Int.max].map(Units.bytes)
        == ["0 B", "1023 B", "1 KiB", "1.2 MiB", "64 MiB", "1 MiB", "8 EiB"])
    #expect(
      [0, 0.004, 0.416, 1, 12, 999.4, 3400, 61_000].map(Units.time(milliseconds:))
        == ["0.00 ms", "0.00 ms", "0.42 ms", "1 ms", "12 ms", "999 ms", "3.4 s", "1 min"])
    #expect(
      [0, 45, 59.9, 720, 3599, 11_520, 440_640].map(Units.duration(seconds:))
        == ["0 s", "45 s", "1 min", "12 min", "1 h", "3.2 h", "5.1 d"])
    #expect(Units.bar(0.5, width: 4) == "██░░")
    #expect([-1, 2, .nan].map { Units.bar($0, width: 2) } == ["░░", "██", "░░"])
  }

  @Test func usageShowsALineForEachLimitThatIsCounted() {
    let usage = Usage(
      workspaceID: "ws_1", plan: "free", period: "2026-01",
      rows: Usage.Meter(
        used: 8000, reserved: 500, limit: 10_000,
        resetsAt: Date(timeIntervalSince1970: 1_769_904_000)),
      users: Usage.Meter(used: 1, limit: nil), analyses: 1)
    #expect(
      UsageView(usage: usage, style: .plain).text == """
        ws_1 on plan free, 2026-01: 1 analysis

        METRIC   USED  RESERVED      LIMIT                               RESETS
        rows    8,000       500     10,000  █████████████████░░░ 85.0 %  2026-02-01T00:00:00Z
        users       1            unlimited
        """)
  }

  @Test func healthNamesEachEndpointsState() throws {
    let ready = NodeReadiness(
      endpoint: "http://a:8000", answered: true, ready: true, reason: nil,
      elapsed: .microseconds(1500))
    let waiting = NodeReadiness(
      endpoint: "http://b:8000", answered: true, ready: false, reason: "no leader",
      elapsed: .milliseconds(2))
    let dead = NodeReadiness(
      endpoint: "http://c:8000", answered: false, ready: false, reason: "connection refused",
      elapsed: .microseconds(300))
    let view = HealthView(nodes: [ready, waiting, dead])
    #expect(
      view.text(style: .plain) == """
        ENDPOINT       STATE           TOOK  REASON
        http://a:8000  ready         1.5 ms
        http://b:8000  not ready       2 ms  no leader
        http://c:8000  unreachable  0.30 ms  connection refused
        """)
    #expect(throws: ClusterUnhealthy.self) { try view.check() }
    #expect(throws: CloudError.self) { try HealthView(nodes: [dead]).check() }
    try HealthView(nodes: [ready]).check()
  }

  @Test func progressIsShownOnceAStep() {
    let lines = Collected()
    let bar = ProgressBar { lines.append($0) }
    bar.update(UploadProgress(sent: 0, total: 2048))
    bar.update(UploadProgress(sent: 1, total: 2048))
    bar.update(UploadProgress(sent: 2047, total: 2048))
    bar.update(UploadProgress(sent: 2048, total: 2048))
    bar.clear()
    let empty = String(repeating: "░", count: 30)
    let full = String(repeating: "█", count: 30)
    #expect(
      lines.all == [
        "\r" + "Sending \(empty) 0 % of 2 KiB\u{1B}[K",
        "\r" + "Sending \(full) 99 % of 2 KiB\u{1B}[K",
        "\r" + "Sent 2 KiB, analyzing…\u{1B}[K", "\r" + "\u{1B}[K",
      ])
  }
}
