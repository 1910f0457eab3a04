import Raft
import Synchronization

/// A small state machine: keys and values in memory, so a restarted one is built again from snapshot and
/// log.
///
/// A command is `request key value`; its result is how many commands had taken effect, this one
/// included. A request that was seen before changes nothing and has the same result again.
final class KeyValueMachine: StateMachine {
  struct State {
    var applied = LogPosition.zero
    var values: [String: String] = [:]
    var results: [String: Int] = [:]
    /// How many snapshots were restored from.
    var restores = 0
  }

  struct Refusal: Error {}

  let state = Mutex(State())
  private let refusesKey: String?
  private let disk: FaultyDisk?

  /// - Parameters:
  ///   - refusesKey: a command for this key can't be applied.
  ///   - disk: what the state needs space on.
  init(refusesKey: String? = nil, disk: FaultyDisk? = nil) {
    self.refusesKey = refusesKey
    self.disk = disk
  }

  subscript(key: String) -> String? { state.withLock { $0.values[key] } }
  var commands: Int { state.withLock { $0.results.count } }
  var restores: Int { state.withLock { $0.restores } }

  static func command(_ request: String, _ key: String, _ value: String) -> [UInt8] {
    Array("\(request) \(key) \(value)".utf8)
  }

  var applied: LogPosition { state.withLock { $0.applied } }

  func apply(_ entries: [Entry]) throws -> [[UInt8]] {
    if disk?.isFull == true {
      throw FileError(operation: "pwrite", path: "state", errno: 28, message: "No space left")
    }
    return try state.withLock { state in
      try entries.map { entry in
        precondition(entry.index == state.applied.index.next, "entries come in order")
        state.applied = entry.position
        guard case .command(let payload, _) = entry.content else { return [] }
        let parts = String(decoding: payload, as: UTF8.self).split(separator: " ").map(String.init)
        if parts[1] == refusesKey { throw Refusal() }
        if state.results[parts[0]] == nil {
          state.results[parts[0]] = state.results.count + 1
          state.values[parts[1]] = parts[2]
        }
        return Array("\(state.results[parts[0]] ?? 0)".utf8)
      }
    }
  }

  struct Capture: StateCapture {
    let text: String

    func write(to sink: (UnsafeRawBufferPointer) throws -> Void) throws {
      // In small pieces, as a large state would come.
      let bytes = Array(text.utf8)
      for start in stride(from: 0, to: bytes.count, by: 1000) {
        try bytes[start..<min(start + 1000, bytes.count)].withUnsafeBytes { try sink($0) }
      }
    }
  }

  func capture() throws -> any StateCapture {
    state.withLock { state in
      let values = state.values.sorted { $0.key < $1.key }.map { "v \($0.key) \($0.value)" }
      let results = state.results.sorted { $0.key < $1.key }.map { "r \($0.key) \($0.value)" }
      return Capture(text: (values + results).joined(separator: "\n"))
    }
  }

  func restore(at position: LogPosition, from next: () throws -> [UInt8]?) throws {
    var bytes: [UInt8] = []
    while let piece = try next() { bytes += piece }
    state.withLock { state in
      state.values = [:]
      state.results = [:]
      for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
        let parts = line.split(separator: " ").map(String.init)
        if parts[0] == "v" { state.values[parts[1]] = parts[2] }
        if parts[0] == "r" { state.results[parts[1]] = Int(parts[2]) }
      }
      state.applied = position
      state.restores += 1
    }
  }
}
