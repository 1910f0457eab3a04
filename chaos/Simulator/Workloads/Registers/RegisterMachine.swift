import Raft
import Synchronization

/// Registers as a member's state machine. Its database is memory that survives the process; see
/// `RegisterDatabase`.
final class RegisterMachine: SimulatedMachine {
  /// Why a snapshot can't be restored.
  struct MalformedSnapshot: Error {}
  /// The process was to stop here.
  struct Stopped: Error {}

  private let state: Mutex<RegisterState>
  private let database: RegisterDatabase
  private let remembersRequests: Bool

  init(_ state: RegisterState, in database: RegisterDatabase, remembersRequests: Bool) {
    self.state = Mutex(state)
    self.database = database
    self.remembersRequests = remembersRequests
  }

  var applied: LogPosition { mark.applied }

  var mark: StateMark {
    state.withLock { StateMark(applied: $0.applied, digest: $0.digest) }
  }

  func command(for request: [UInt8], at wallClock: Int64) -> [UInt8] { request }

  func answer(_ question: [UInt8]) -> [UInt8] {
    guard let query = RegisterQuery(question) else { return [] }
    let value = state.withLock { $0.registers[query.key] }
    return withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  func apply(_ entries: [Entry]) throws -> [[UInt8]] {
    try state.withLock { state in
      var next = state
      let results = entries.map { entry in
        next.apply(entry, remembersRequests: remembersRequests)?.bytes ?? []
      }
      try database.commit(next)
      state = next
      return results
    }
  }

  func capture() -> any StateCapture { Capture(state: state.withLock { $0 }) }

  func restore(at position: LogPosition, from next: () throws -> [UInt8]?) throws {
    var bytes: [UInt8] = []
    while let piece = try next() { bytes += piece }
    let words = bytes.withUnsafeBytes { raw in
      stride(from: 0, to: raw.count - 7, by: 8).map {
        UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: $0, as: UInt64.self))
      }
    }
    guard bytes.count % 8 == 0, let restored = RegisterState(words: words, at: position) else {
      throw MalformedSnapshot()
    }
    try database.commit(restored)
    state.withLock { $0 = restored }
  }

  private struct Capture: StateCapture {
    let state: RegisterState

    func write(to sink: (UnsafeRawBufferPointer) throws -> Void) throws {
      for word in state.words { try withUnsafeBytes(of: word.littleEndian) { try sink($0) } }
    }
  }
}

/// The registers of a member after its last batches, as a database holds them.
final class RegisterDatabase: MemberDatabase, Sendable {
  private struct Contents {
    /// Oldest first.
    var states: [RegisterState] = []
    /// Nil when the process does not stop by itself.
    var writesUntilCrash: Int?
    var isStopped = false
  }

  private let contents = Mutex(Contents())
  private let empty: RegisterState
  private let remembersRequests: Bool

  init(empty: RegisterState, remembersRequests: Bool) {
    self.empty = empty
    self.remembersRequests = remembersRequests
  }

  /// The same before and after opening: an empty state is kept only once something was applied.
  var survives: Bool { contents.withLock { !$0.states.isEmpty } }

  func open() -> any SimulatedMachine {
    RegisterMachine(
      contents.withLock { $0.states.last } ?? empty, in: self, remembersRequests: remembersRequests)
  }

  /// All of a batch is kept or, if this throws, nothing.
  func commit(_ state: RegisterState) throws {
    try contents.withLock { contents in
      if let writes = contents.writesUntilCrash {
        contents.writesUntilCrash = writes - 1
        if writes == 0 { contents.isStopped = true }
      }
      guard !contents.isStopped else { throw RegisterMachine.Stopped() }
      contents.states.append(state)
      if contents.states.count > 4 { contents.states.removeFirst() }
    }
  }

  func armCrash(after writes: Int) { contents.withLock { $0.writesUntilCrash = writes } }

  func disarmCrash() { contents.withLock { $0.writesUntilCrash = nil } }

  var isStopped: Bool { contents.withLock { $0.isStopped } }

  /// The state survives as it was after one of the last batches.
  func loseProcess(_ random: inout RandomSource) {
    let count = contents.withLock { contents in
      contents.writesUntilCrash = nil
      contents.isStopped = false
      return contents.states.count
    }
    guard count > 0, random.happens(300_000) else { return }
    let lost = random.draw(0...count - 1)
    contents.withLock { $0.states.removeLast(lost) }
  }

  func losePower() { erase() }

  func erase() { contents.withLock { $0 = Contents() } }
}
