import CloudState
import Foundation
import Synchronization

/// Hashes and checks passwords on threads of their own, a few at a time: each takes 32 MiB.
///
/// A check tells by its time neither whether there is a user, nor how old their hash is: whatever it is made
/// with, as much is computed as the dearest hash takes that this node knows of, which is one of today's until
/// it meets another. To check the unknown with some older parameters now and then would not do: those of a
/// user become newer at a login, and the others' never. Smaller tables fit better into caches, so a check in
/// several steps may be a little faster yet; what is made anew at each login is soon gone.
final class Passwords: Sendable {
  /// Code points that a password may have, as in JSON Schema; the upper bound keeps hashing it cheap to refuse.
  static let length = 8...1024

  // Registering and logging in do not wait for each other: anybody may do either as often as they
  // like. Both give way to other calls as analyses do, and so get their share beside those: a class of
  // threads that runs when nothing else does would let nobody in while a large dataset is analyzed.
  private let registering = BlockingPool(
    name: "scrypt-new", threads: 1, queueLimit: 8, urgency: .nice(10))
  private let loggingIn = BlockingPool(
    name: "scrypt", threads: Passwords.threads, queueLimit: Passwords.queueLimit,
    urgency: .nice(10))
  /// Whose new passwords are under way: others wait for one of each at most.
  private let setting = Mutex<Set<UserID>>([])
  private static let queueLimit = 16
  /// At least half of the processors are left to who doesn't hash, and 128 MiB are enough.
  private static let threads = min(max(1, ProcessInfo.processInfo.activeProcessorCount / 2), 4)
  /// Compared where there is no user, so that one who asks cannot tell from the time.
  private let nobody: PasswordHash
  private let function: Scrypt
  /// The dearest parameters that were met.
  private let dearest: Mutex<Scrypt>
  private let derive: Scrypt.Derivation

  /// - Parameter derive: How checks compute.
  init(
    function: Scrypt = .passwords, derive: @escaping Scrypt.Derivation = Scrypt.derive
  ) throws(Scrypt.Refused) {
    self.function = function
    self.derive = derive
    dearest = Mutex(function)
    nobody = try PasswordHash(password: Random.hexadecimal(bytes: 16), function: function)
  }

  var load: (waiting: Int, running: Int) {
    let (new, known) = (registering.load, loggingIn.load)
    return (new.waiting + known.waiting, new.running + known.running)
  }

  /// Refuses at once what would be refused later for want of room, before it costs the cluster anything.
  func requireRoom() throws(PoolIsFull) {
    guard loggingIn.load.waiting < Self.queueLimit else { throw PoolIsFull() }
  }

  /// Whether a stored hash is not of today's parameters.
  func isOutdated(_ stored: String) -> Bool {
    PasswordHash(stored)?.function != function
  }

  /// The hash of a new password.
  ///
  /// - Parameter user: Who sets it, for themselves or for somebody else; nobody where strangers may, whose
  ///   attempts are counted.
  /// - Throws: ``ClientGone`` if nobody waits for it any more when its turn comes, ``PoolIsFull`` also if the
  ///   user is already setting one, or `Scrypt.Refused`.
  func hash(
    _ password: String, by user: UserID? = nil, for client: ClientPresence
  ) async throws -> String {
    if let user {
      guard setting.withLock({ $0.insert(user).inserted }) else { throw PoolIsFull() }
    }
    defer { if let user { _ = setting.withLock { $0.remove(user) } } }
    return try await registering.run { [function] in
      try client.check()
      return try PasswordHash(password: password, function: function).description
    }
  }

  /// Whether the password belongs to the stored hash. Without one it is wrong, after the same time.
  ///
  /// - Throws: As ``hash(_:by:for:)``.
  func check(
    _ password: String, against stored: String?, for client: ClientPresence
  ) async throws -> Bool {
    let hash = stored.flatMap(PasswordHash.init)
    let compared = hash ?? nobody
    let rest = compared.function.rest(of: dearest(with: compared.function))
    return try await loggingIn.run { [derive] in
      try client.check()
      let isRight = try compared.matches(password, by: derive)
      for step in rest {
        _ = try derive(step)(Array(password.utf8), compared.salt, compared.key.count)
      }
      return isRight && hash != nil
    }
  }

  /// What every check comes to, now that one with these parameters is made.
  private func dearest(with function: Scrypt) -> Scrypt {
    dearest.withLock { dearest in
      if dearest.work < function.work { dearest = function }
      return dearest
    }
  }
}
