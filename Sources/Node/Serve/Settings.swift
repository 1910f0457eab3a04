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
    case adminToken = "admin-token"
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
  var adminToken: String?
  var logLevel: Logger.Level
  var logFormat: LogFormat

  /// - Throws: `StartupError` that names the option and what it takes.
  init(_ sources: SettingSources) throws {
    func text(_ key: Key) -> String? { sources.value(of: key)?.text }
    func number(_ key: Key, in range: ClosedRange<Int>) throws -> Int? {
      guard let (text, origin) = sources.value(of: key) else { return nil }
      guard let number = Int(text), range.contains(number) else {
        throw StartupError.usage(
          "\(origin) is '\(text)'; it takes a number from \(range.lowerBound) to \(range.upperBound)"
        )
      }
      return number
    }
    func choice<T: RawRepresentable & CaseIterable>(
      _ key: Key, _: T.Type
    ) throws -> T? where T.RawValue == String {
      guard let (text, origin) = sources.value(of: key) else { return nil }
      guard let value = T(rawValue: text.lowercased()) else {
        let known = T.allCases.map(\.rawValue).joined(separator: ", ")
        throw StartupError.usage("\(origin) is '\(text)'; it takes one of \(known)")
      }
      return value
    }

    name = text(.name) ?? ProcessInfo.processInfo.hostName
    guard FoundingNode.isValidName(name) else {
      throw StartupError.usage(
        "the node's name '\(name)' may have letters, digits, '.', '-' and '_' only; set it with --name"
      )
    }
    dataDirectory = text(.dataDir) ?? "./clean-data"
    host = text(.host) ?? "127.0.0.1"
    port = try number(.port, in: 1...65_535) ?? 8000
    peerHost = text(.peerHost) ?? "127.0.0.1"
    peerPort = try number(.peerPort, in: 1...65_535) ?? 8100
    advertisedURL = text(.advertiseURL) ?? "http://\(host):\(port)"
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
      text(.advertisePeer) ?? founders.first { $0.name == name }?.address
      ?? "\(peerHost):\(peerPort)"
    workers =
      try number(.workers, in: 1...1024)
      ?? max(1, ProcessInfo.processInfo.activeProcessorCount - 1)
    adminToken = text(.adminToken)
    if let adminToken, adminToken.utf8.count < 16 {
      throw StartupError.usage("the admin token must have at least 16 characters")
    }
    logLevel = try choice(.logLevel, Logger.Level.self) ?? .info
    logFormat = try choice(.logFormat, LogFormat.self) ?? .text
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
          "\(source.origin) has '\(item)'; it takes name=host:peer-port, separated by commas")
      }
      return FoundingNode(name: parts[0], address: parts[1])
    }
    for node in nodes
    where nodes.count(where: { $0.name == node.name || $0.address == node.address }) > 1 {
      throw StartupError.usage("\(source.origin) names \(node.name) or its address twice")
    }
    return nodes
  }

  static func isValidName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 253
      && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
  }

  static func isValidAddress(_ address: String) -> Bool {
    guard let colon = address.lastIndex(of: ":"), colon != address.startIndex,
      let port = Int(address[address.index(after: colon)...])
    else { return false }
    return (1...65_535).contains(port)
  }
}
