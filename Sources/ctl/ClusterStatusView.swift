import CloudClient

/// The cluster at a glance: how it is, who leads it, and a line a member.
struct ClusterStatusView {
  var status: ClusterStatus
  var style: Style

  var text: String {
    ([headline, position] + problems + clocks + ["", table.rendered(style: style)])
      .joined(separator: "\n")
  }

  /// What the disks of members have, a line each.
  private var problems: [String] {
    status.members.compactMap { member in
      member.problem.map { problem in
        let place = problem.offset.map { ", byte \($0)" } ?? ""
        return "\(member.name): \(problem.file)\(place): \(problem.reason)"
      }
    }
  }

  /// Clocks that are off by more than can come of the network.
  private var clocks: [String] {
    status.members.compactMap { member in
      guard let offset = member.clockOffsetMilliseconds, abs(offset) >= 1_000 else { return nil }
      let time = Units.duration(seconds: (abs(offset) / 1_000).rounded())
      let direction = offset < 0 ? "behind" : "ahead of"
      return "\(member.name): its clock is \(time) \(direction) the other members'"
    }
  }

  private var headline: String {
    let health =
      status.healthy
      ? style.paint("healthy", .green)
      : style.paint("NOT healthy", .red) + ": " + complaints.joined(separator: ", ")
    return "Cluster \(style.paint(status.clusterID, .bold)) is \(health)"
  }

  private var complaints: [String] {
    var complaints: [String] = status.leader == nil ? ["no leader"] : []
    for member in status.members where member.state != .healthy {
      complaints.append(complaint(about: member))
    }
    return complaints.isEmpty ? ["the answering node does not say why"] : complaints
  }

  private func complaint(about member: ClusterStatus.Member) -> String {
    switch member.state {
    case .diskFull: "the disk of \(member.name) is full"
    case .storageFailed: "the disk of \(member.name) failed"
    default: "\(member.name) is \(member.state.words)"
    }
  }

  private var position: String {
    let leader = status.leader.map { "leader \(style.paint($0, .bold))" } ?? "no leader"
    return "\(leader), term \(Units.count(status.term)), "
      + "commit index \(Units.count(status.commitIndex)), feature level \(status.featureLevel)"
  }

  private var table: Table {
    Table(
      columns: [
        .text("NAME"), .text("ROLE"), .text("STATE"), .number("APPLIED"), .number("LAG"),
        .number("LAST CONTACT"), .number("RTT"), .number("DB"), .number("LOG"),
        .number("UPTIME"), .text("VERSION"), .number("MAX LEVEL"), .text("URL"),
      ],
      rows: status.members.map(row))
  }

  private func row(_ member: ClusterStatus.Member) -> [Table.Cell] {
    [
      Table.Cell(member.name, member.name == status.leader ? .bold : nil),
      Table.Cell(member.role.rawValue),
      Table.Cell(member.state.words, member.state.color),
      cell(member.appliedIndex, Units.count),
      cell(member.lag, Units.count, member.lag ?? 0 > 0 ? .yellow : nil),
      cell(member.lastContactMilliseconds, Units.time(milliseconds:)),
      cell(member.rttMilliseconds, Units.time(milliseconds:)),
      cell(member.databaseBytes, Units.bytes),
      cell(member.logBytes, Units.bytes),
      cell(member.uptimeSeconds, Units.duration(seconds:)),
      cell(member.version) { $0 },
      cell(member.maxFeatureLevel, String.init),
      cell(member.url) { $0 },
    ]
  }

  private func cell<Value>(
    _ value: Value?, _ text: (Value) -> String, _ color: Style.Color? = nil
  ) -> Table.Cell {
    value.map { Table.Cell(text($0), color) } ?? Table.Cell(Units.unknown, .dim)
  }
}

extension ClusterStatus.Member.State {
  var words: String { String(rawValue.map { $0 == "_" ? " " : $0 }) }

  var color: Style.Color {
    switch self {
    case .healthy: .green
    case .catchingUp: .yellow
    default: .red
    }
  }
}
