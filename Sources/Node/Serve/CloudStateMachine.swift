import CloudState
import Foundation
import Raft

/// The tenant state as what the log replicates.
final class CloudStateMachine: StateMachine {
  private let store: StateStore

  init(store: StateStore) { self.store = store }

  var applied: LogPosition {
    let position = store.lastApplied
    return LogPosition(index: LogIndex(position.index), term: Term(position.term))
  }

  func apply(_ entries: [Entry]) throws -> [[UInt8]] {
    let records = entries.map { entry in
      var payload: [UInt8] = []
      if case .command(let command, _) = entry.content { payload = command }
      return CommandRecord(
        index: entry.index.rawValue, term: entry.term.rawValue, payload: payload)
    }
    return try Self.tellingWhenFull { try store.apply(records) }
  }

  func capture() throws -> any StateCapture { Capture(snapshot: try store.snapshot()) }

  func restore(at position: LogPosition, from next: () throws -> [UInt8]?) throws {
    try Self.tellingWhenFull { try store.restore(from: next) }
    guard applied == position else {
      throw StateError.damagedSnapshot("it is of \(applied) and not of \(position)")
    }
  }

  /// A full disk is told in the way that `StateMachine` asks for.
  private static func tellingWhenFull<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch StateError.diskFull(let reason) {
      throw FileError(operation: "SQLite", path: "state", errno: ENOSPC, message: reason)
    }
  }

  private struct Capture: StateCapture {
    let snapshot: PinnedSnapshot

    func write(to sink: (UnsafeRawBufferPointer) throws -> Void) throws {
      defer { snapshot.close() }
      _ = try snapshot.write(to: sink)
    }
  }
}
