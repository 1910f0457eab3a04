import CloudAPI
import CloudState
import Foundation
import Testing

@testable import NodeGateway

/// What people write is as long as the document's schemas measure it: in code points.
@Suite struct LengthTests {
  /// One byte, two bytes, and a code point of four that makes one character with its neighbour.
  private static let letters = ["a", "ä", "\u{1F1E8}"]

  private func register(
    _ node: TestGateway, _ number: Int, name: String = "N", password: String = "long enough"
  ) async throws -> TestAnswer {
    let body =
      #"{"email": "u\#(number)@example.org", "name": "\#(name)", "password": "\#(password)"}"#
    let answer = try await node.post("/api/v1/auth/register", body)
    let operation = try #require(node.contract.operation("POST", "/api/v1/auth/register"))
    let reference = operation.description["requestBody"]?["content"]?["application/json"]?["schema"]
    let schema = try #require(reference)
    let flaws = SchemaCheck(document: node.contract.document).flaws(
      of: try JSONDecoder().decode(JSONValue.self, from: Data(body.utf8)), by: schema)
    #expect(flaws.isEmpty == (answer.status == 201), "\(flaws), \(answer.text)")
    return answer
  }

  @Test func namesEndWhereTheSchemaSays() async throws {
    try await TestGateway.run { node in
      for (number, letter) in Self.letters.enumerated() {
        let name = String(repeating: letter, count: StateLimits.nameLength)
        let long = try await register(node, number, name: name)
        #expect(long.status == 201, "\(long.text)")
        let registration = try long.decode(Registration.self)
        #expect(registration.user.name == name)
        #expect(registration.workspace.name.unicodeScalars.count <= StateLimits.nameLength)
        let longer = try await register(node, number + 10, name: name + letter)
        #expect(try longer.problem(400, .invalidRequest).errors?.map(\.field) == ["name"])
      }
    }
  }

  @Test func passwordsBeginAndEndWhereTheSchemaSays() async throws {
    try await TestGateway.run { node in
      let (least, most) = (Passwords.length.lowerBound, Passwords.length.upperBound)
      for (number, letter) in Self.letters.enumerated() {
        for (length, isTaken) in [
          (least - 1, false), (least, true), (most, true), (most + 1, false),
        ] {
          let id = number * 10_000 + length
          let password = String(repeating: letter, count: length)
          let answer = try await register(node, id, password: password)
          #expect((answer.status == 201) == isTaken, "\(length) × \(letter): \(answer.text)")
          guard isTaken else { continue }
          let login = try await node.post(
            "/api/v1/auth/login",
            #"{"email": "u\#(id)@example.org", "password": "\#(password)"}"#)
          #expect(login.status == 200, "\(login.text)")
        }
      }
    }
  }
}
