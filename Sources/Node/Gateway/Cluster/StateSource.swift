import CloudState

/// The local replica, read on threads that may block.
final class StateSource: Sendable {
  private static let queueLimit = 4_096

  private let reader: StateReader
  private let pool: BlockingPool

  init(reader: StateReader, threads: Int = 4) {
    self.reader = reader
    pool = BlockingPool(name: "state", threads: threads, queueLimit: Self.queueLimit)
  }

  var load: (waiting: Int, running: Int) { pool.load }

  /// Runs other short work that blocks on the same threads.
  func run<Value: Sendable>(
    _ job: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await pool.run(job)
  }

  /// Answers questions about one moment of the state.
  func read<Value: Sendable>(
    _ body: @escaping @Sendable (borrowing StateView) throws -> Value
  ) async throws -> Value {
    try await pool.run { [reader] in try reader.read(body) }
  }
}
