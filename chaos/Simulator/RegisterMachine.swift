import Raft
import Synchronization

/// The simulated members' state machine. Its database is memory that survives the process, as files
/// written without synchronization do; see `MemberDatabase`.
final class RegisterMachine: StateMachine {
  /// Why a snapshot can't be restored.
  struct MalformedSnapshot: Error {}

  private let state: Mutex<RegisterState>
  private let remembersRequests: Bool

  init(_ state: RegisterState, remembersRequests: Bool = true) {
    self.state = Mutex(state)
    self.remembersRequests = remembersRequests
  }

  /// A copy of the state as it is.
  var current: RegisterState { state.withLock { $0 } }

  var applied: LogPosition { state.withLock { $0.applied } }

  func apply(_ entries: [Entry]) -> [[UInt8]] {
    applyAll(entries).map { result in
      guard let result else { return [] }
      return [UInt8(result.words.0)]
        + withUnsafeBytes(of: result.words.1.littleEndian) { Array($0) }
    }
  }

  /// Like `apply`, with results as values.
  func applyAll(_ entries: [Entry]) -> [RegisterResult?] {
    state.withLock { state in
      entries.map { state.apply($0, remembersRequests: remembersRequests) }
    }
  }

  func capture() -> any StateCapture { Capture(state: current) }

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
    state.withLock { $0 = restored }
  }

  private struct Capture: StateCapture {
    let state: RegisterState

    func write(to sink: (UnsafeRawBufferPointer) throws -> Void) throws {
      for word in state.words { try withUnsafeBytes(of: word.littleEndian) { try sink($0) } }
    }
  }
}

/// What a member's state machine leaves behind when its process ends: committed transactions in the
/// system's page cache. Gone when the power fails.
struct MemberDatabase {
  /// States after some of the last batches, oldest first.
  private var states: [RegisterState] = []

  mutating func commit(_ state: RegisterState) {
    states.append(state)
    if states.count > 4 { states.removeFirst() }
  }

  /// The process ends. The state survives as it was after one of the last batches.
  mutating func loseProcess(_ random: inout RandomSource) {
    guard !states.isEmpty, random.happens(300_000) else { return }
    states.removeLast(random.draw(0...states.count - 1))
  }

  mutating func losePower() { states = [] }

  var surviving: RegisterState? { states.last }
}
