import Foundation
import Logging
import NodeTelemetry

/// What a node was told, checked and with defaults filled in.
struct Settings {
  /// Every option's name; also the key in the configuration file.
  enum Key: String, CaseIterable {
    case name
    case dataDir = "data-dir"
    case host
    case port
    case peerHost = "peer-host"
    case peerPort = "peer-port"
    case advertiseURL = "advertise-url"
    case advertisePeer = "advertise-peer"
    case cluster
    case workers
    case maxConnections = "max-connections"
    case maxConnectionsPerClient = "max-connections-per-client"
    case rateLimit = "rate-limit"
    case rateBurst = "rate-burst"
    case anonymousRateLimit = "anonymous-rate-limit"
    case anonymousRateBurst = "anonymous-rate-burst"
    case trustedProxies = "trusted-proxies"
    case corsOrigins = "cors-origins"
    case adminToken = "admin-token"
    case mailerURL = "mailer-url"
    case mailerSecret = "mailer-secret"
    case logLevel = "log-level"
    case logFormat = "log-format"

    /// The name and its alias.
    var names: [String] { self == .dataDir ? [rawValue, "storage-path"] : [rawValue] }
  }

  var name: String
  var dataDirectory: String
  var host: String
  var port: Int
  var peerHost: String
  var peerPort: Int
  var advertisedURL: String
  var advertisedPeer: String
  /// The founding nodes; empty for a cluster of just this node.
  var founders: [FoundingNode]
  var workers: Int
  var http: HTTPSettings
  var mailer: MailerSettings
  var adminToken: String?
  var logLevel: Logger.Level
  var logFormat: LogFormat

  /// - Throws: `StartupError` that names the option and what it takes.
  init(_ sources: SettingSources) throws {
    name = sources.text(.name) ?? ProcessInfo.processInfo.hostName
    guard FoundingNode.isValidName(name) else {
      throw StartupError.usage(
        "the node's name '\(name)' must be \(FoundingNode.nameRule); set it with --name")
    }
    dataDirectory = sources.text(.dataDir) ?? "./clean-data"
    host = sources.text(.host) ?? "127.0.0.1"
    port = try sources.number(.port, in: 1...65_535) ?? 8000
    peerHost = sources.text(.peerHost) ?? "127.0.0.1"
    peerPort = try sources.number(.peerPort, in: 1...65_535) ?? 8100
    if let (url, origin) = sources.value(of: .advertiseURL), !Self.isValidURL(url) {
      throw StartupError.usage(
        "\(origin) is '\(url)'; it takes http://host:port or https://host:port, and nothing after it"
      )
    }
    advertisedURL = sources.text(.advertiseURL) ?? "http://\(host):\(port)"
    if let (peer, origin) = sources.value(of: .advertisePeer), !FoundingNode.isValidAddress(peer) {
      throw StartupError.usage("\(origin) is '\(peer)'; it takes host:port")
    }
    founders = try sources.value(of: .cluster).map(FoundingNode.parse) ?? []
    let name = name
    if !founders.isEmpty, !founders.contains(where: { $0.name == name }) {
      let names = founders.map(\.name).joined(separator: ", ")
      throw StartupError.usage(
        "--cluster lists \(names) but not this node, \(name); add it, or set --name to one of them")
    }
    advertisedPeer =
      sources.text(.advertisePeer) ?? founders.first { $0.name == name }?.address
      ?? "\(peerHost):\(peerPort)"
    workers =
      try sources.number(.workers, in: 1...1024)
      ?? max(1, ProcessInfo.processInfo.activeProcessorCount - 1)
    http = try HTTPSettings(sources)
    mailer = try MailerSettings(sources)
    if let (token, origin) = sources.value(of: .adminToken), let flaw = AdminToken.flaw(of: token) {
      throw StartupError.usage("the admin token of \(origin) \(flaw)")
    }
    adminToken = sources.text(.adminToken)
    logLevel = try sources.choice(.logLevel, Logger.Level.self) ?? .info
    logFormat = try sources.choice(.logFormat, LogFormat.self) ?? .text
  }

  /// `http://host`, `https://host`, each with or without a port: clients append paths to it.
  private static func isValidURL(_ text: String) -> Bool {
    guard let url = URLComponents(string: text, encodingInvalidCharacters: false),
      let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme),
      let host = url.host, !host.isEmpty
    else { return false }
    return (1...65_535).contains(url.port ?? 80) && url.path.isEmpty && url.user == nil
      && url.query == nil && url.fragment == nil
  }
}

/// A node that the cluster is founded with: `name=host:peer-port`.
struct FoundingNode: Hashable {
  var name: String
  var address: String

  static func parse(_ source: (text: String, origin: String)) throws -> [FoundingNode] {
    let nodes = try source.text.split(separator: ",").map { item in
      let item = item.trimmingCharacters(in: .whitespaces)
      let parts = item.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, isValidName(parts[0]), isValidAddress(parts[1]) else {
        throw StartupError.usage(
          "\(source.origin) has '\(item)'; it takes name=host:peer-port, separated by commas, where a "
            + "name is \(nameRule)")
      }
      return FoundingNode(name: parts[0], address: parts[1])
    }
    guard !nodes.isEmpty else {
      throw StartupError.usage(
        "\(source.origin) names no node; it takes name=host:peer-port,name=host:peer-port,…")
    }
    for node in nodes
    where nodes.count(where: { $0.name == node.name || $0.address == node.address }) > 1 {
      throw StartupError.usage("\(source.origin) names \(node.name) or its address twice")
    }
    return nodes
  }

  static let nameRule = "1 to 200 letters, digits, '.', '-' and '_'"

  static func isValidName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 200
      && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
  }

  static func isValidAddress(_ address: String) -> Bool {
    guard let colon = address.lastIndex(of: ":"), colon != address.startIndex,
      let port = Int(address[address.index(after: colon)...])
    else { return false }
    return (1...65_535).contains(port)
  }
}
