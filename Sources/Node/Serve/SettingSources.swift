import Foundation
import Yams

/// Where settings come from: the command line wins over the environment, that over the file.
struct SettingSources {
  private let commandLine: [Settings.Key: String]
  private let environment: [String: String]
  private let file: [String: String]
  private let path: String?

  /// - Throws: `StartupError` when the file can't be read or has a key that means nothing.
  init(
    commandLine: [Settings.Key: String], configFile: String?,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    self.commandLine = commandLine
    self.environment = environment
    path = configFile ?? environment["CLEAN_CONFIG"]
    file = try path.map(Self.read) ?? [:]
  }

  /// A setting's text, and words that tell a person where it came from.
  func value(of key: Settings.Key) -> (text: String, origin: String)? {
    if let text = commandLine[key] { return (text, "--\(key.rawValue)") }
    for name in key.names {
      let variable = "CLEAN_" + name.uppercased().replacingOccurrences(of: "-", with: "_")
      if let text = environment[variable], !text.isEmpty { return (text, variable) }
    }
    for name in key.names {
      if let text = file[name] { return (text, "\(name) in \(path ?? "")") }
    }
    return nil
  }

  private static func read(_ path: String) throws -> [String: String] {
    let node: Yams.Node?
    do {
      node = try Yams.compose(yaml: String(contentsOfFile: path, encoding: .utf8))
    } catch {
      throw StartupError.usage("can't read the configuration file \(path): \(error)")
    }
    guard let node, node != Yams.Node("") else { return [:] }
    guard let mapping = node.mapping else {
      throw StartupError.usage("\(path) must hold options as keys, like 'port: 8000'")
    }
    var settings: [String: String] = [:]
    let known = Settings.Key.allCases.flatMap(\.names)
    for (key, value) in mapping {
      guard let name = key.string, known.contains(name) else {
        throw StartupError.usage(
          "\(path) has the unknown key '\(key.string ?? "?")'; known are \(known.joined(separator: ", "))"
        )
      }
      guard let text = value.scalar?.string else {
        throw StartupError.usage("'\(name)' in \(path) must be a single value")
      }
      settings[name] = text
    }
    return settings
  }
}
