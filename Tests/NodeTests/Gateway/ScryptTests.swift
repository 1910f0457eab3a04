import Testing

@testable import NodeGateway

@Suite struct ScryptTests {
  struct Vector: Sendable {
    var password: String
    var salt: String
    var function: Scrypt
    var key: String
  }

  /// RFC 7914 §12, without the one that takes a gigabyte.
  static let vectors = [
    Vector(
      password: "", salt: "", function: Scrypt(logN: 4, r: 1, p: 1),
      key: "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
        + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"),
    Vector(
      password: "password", salt: "NaCl", function: Scrypt(logN: 10, r: 8, p: 16),
      key: "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
        + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"),
    Vector(
      password: "pleaseletmein", salt: "SodiumChloride", function: Scrypt(logN: 14, r: 8, p: 1),
      key: "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
        + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"),
  ]

  @Test(arguments: vectors)
  func matchesTheRFC(_ vector: Vector) throws {
    let key = try vector.function.derive(
      password: Array(vector.password.utf8), salt: Array(vector.salt.utf8), length: 64)
    #expect(key.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() == vector.key)
  }

  @Test func parametersOutOfBoundsAreRefusedAndDoNotCrash() {
    for function in [
      Scrypt(logN: 0, r: 8, p: 1), Scrypt(logN: 64, r: 8, p: 1), Scrypt(logN: 4, r: -1, p: 1),
      Scrypt(logN: 4, r: 8, p: .max),
    ] {
      #expect(throws: Scrypt.Refused.self) {
        try function.derive(password: [], salt: [], length: 32)
      }
    }
  }
}

@Suite struct PasswordHashTests {
  /// Cheap, where it is not the cost that is tested.
  static let quick = Scrypt(logN: 4, r: 8, p: 1)

  @Test func isReadBackAndMatchesItsPasswordAlone() throws {
    let made = try PasswordHash(password: "correct horse", function: Self.quick)
    #expect(made.description.hasPrefix("$scrypt$ln=4,r=8,p=1$"))
    let read = try #require(PasswordHash(made.description))
    #expect(read == made)
    #expect(try read.matches("correct horse"))
    #expect(try !read.matches("correct horsf"))
    #expect(try !read.matches(""))
  }

  @Test func theSamePasswordHasAnotherHashEachTime() throws {
    let hashes = try (0..<2).map { _ in
      try PasswordHash(password: "12345678", function: Self.quick).description
    }
    #expect(hashes[0] != hashes[1])
  }

  @Test(arguments: [
    "", "$", "$scrypt$ln=4,r=8,p=1$AAAA", "$scrypt$ln=4$AAAA$AAAA",
    "$bcrypt$ln=4,r=8,p=1$AA==$AA==",
    "$scrypt$ln=x,r=8,p=1$AAAA$AAAA", "$scrypt$ln=4,r=8,p=1$AAAA$", "$scrypt$ln=4,r=8,p=1$!$AAAA",
  ])
  func anythingElseIsNoHash(_ text: String) {
    #expect(PasswordHash(text) == nil)
  }

  @Test func passwordsAreStretchedAsDocumented() throws {
    #expect(
      try PasswordHash(password: "12345678").description.hasPrefix("$scrypt$ln=15,r=8,p=3$"))
  }
}
