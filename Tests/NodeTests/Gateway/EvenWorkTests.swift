import Synchronization
import Testing

@testable import NodeGateway

/// What a check of a password computes, counted and not timed: nobody learns from it whether there is a user,
/// or since when they have their hash.
@Suite struct EvenWorkTests {
  private static let today = Scrypt(logN: 6, r: 8, p: 3)

  private final class Meter: Sendable {
    private let done = Mutex(0)

    @Sendable func derive(
      _ function: Scrypt
    ) -> (_ password: [UInt8], _ salt: [UInt8], _ length: Int) throws(Scrypt.Refused) -> [UInt8] {
      { (password, salt, length) throws(Scrypt.Refused) in
        self.done.withLock { $0 += function.work }
        return try function.derive(password: password, salt: salt, length: length)
      }
    }

    func take() -> Int {
      done.withLock { done in
        defer { done = 0 }
        return done
      }
    }
  }

  private func stored(_ function: Scrypt) throws -> String {
    try PasswordHash(password: "right", function: function).description
  }

  @Test func isTheSameForEverybody() async throws {
    let meter = Meter()
    let passwords = try Passwords(function: Self.today, derive: meter.derive)
    let client = ClientPresence(isConnected: { true })
    let older = [
      Scrypt(logN: 6, r: 8, p: 1), Scrypt(logN: 5, r: 8, p: 1), Scrypt(logN: 3, r: 8, p: 5),
      Scrypt(logN: 5, r: 4, p: 3),
    ]
    let hashes = try [nil, "no hash"] + ([Self.today] + older).map(stored)
    for hash in hashes {
      for password in ["right", "wrong"] {
        let isRight = try await passwords.check(password, against: hash, for: client)
        #expect(isRight == (password == "right" && hash?.hasPrefix("$scrypt") == true))
        #expect(meter.take() == Self.today.work, "\(hash ?? "nobody")")
      }
    }
  }

  /// Another node may be of a later version, with dearer parameters.
  @Test func growsWithTheDearestHashThatWasMet() async throws {
    let meter = Meter()
    let passwords = try Passwords(function: Self.today, derive: meter.derive)
    let client = ClientPresence(isConnected: { true })
    let dearer = Scrypt(logN: 7, r: 8, p: 3)
    for hash in try [stored(dearer), nil, stored(Self.today), stored(dearer)] {
      _ = try await passwords.check("wrong", against: hash, for: client)
      #expect(meter.take() == dearer.work)
    }
  }
}
