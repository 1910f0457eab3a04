import Synchronization

/// Reads the state beside the one who changes it: neither waits for the other.
///
/// Thread-safe. Reads block on the disk, so call from threads that may block. Each call of
/// ``read(_:)`` sees one moment of the state, however long it takes. Connections are opened as
/// many as there are calls at a time, and kept for later ones.
public final class StateReader: Sendable {
  private let file: DatabaseFile
  private let idle = Mutex<[Lease]>([])
  private let idleLimit: Int

  init(_ file: DatabaseFile, idleLimit: Int) {
    self.file = file
    self.idleLimit = idleLimit
  }

  /// Answers questions about one moment of the state: the last batch applied when it is called.
  ///
  /// - Throws: ``StateError``, or what `body` throws.
  public func read<Answer>(_ body: (borrowing StateView) throws -> Answer) throws -> Answer {
    try StateError.translating {
      let lease = try idle.withLock { $0.popLast() } ?? Lease(file)
      let connection = lease.connection
      // A lease that fails half-way is dropped, connection and all; it is not worth a diagnosis.
      try connection.run("BEGIN")
      let answer: Answer
      do {
        answer = try body(StateView(connection: connection, position: connection.position()))
      } catch {
        if (try? connection.run("COMMIT")) != nil { giveBack(lease) }
        throw error
      }
      try connection.run("COMMIT")
      giveBack(lease)
      return answer
    }
  }

  private func giveBack(_ lease: Lease) {
    idle.withLock { if $0.count < idleLimit { $0.append(lease) } }
  }

  /// A connection on its way between threads.
  ///
  /// Sendable although a connection is not: a lease is either in `idle` or held by the one call
  /// that took it out, so one thread at a time uses it, and the lock orders their uses.
  private struct Lease: @unchecked Sendable {
    let connection: Connection

    init(_ file: DatabaseFile) throws {
      connection = try file.connect(.readOnly)
    }
  }
}
