import Testing

@testable import NodeGateway

@Suite struct VerifiedTokensTests {
  private func payload(_ subject: String) -> AccessTokens.Payload {
    AccessTokens.Payload(
      sub: subject, sid: "ses_1", iss: "c", aud: AccessTokens.audience, iat: 0, exp: 900)
  }

  @Test func knowsWhatItWasGivenAndNothingElse() {
    let tokens = VerifiedTokens()
    tokens.insert(payload("a"), of: "token a")
    #expect(tokens.payload(of: "token a")?.sub == "a")
    #expect(tokens.payload(of: "token b") == nil)
  }

  @Test func forgetsWhatIsNotUsedAndKeepsWhatIs() {
    let tokens = VerifiedTokens(limit: 10)
    tokens.insert(payload("kept"), of: "kept")
    tokens.insert(payload("dropped"), of: "dropped")
    for i in 0..<100 {
      tokens.insert(payload("\(i)"), of: "\(i)")
      #expect(tokens.payload(of: "kept")?.sub == "kept")
    }
    #expect(tokens.payload(of: "dropped") == nil)
    #expect((0..<100).count { tokens.payload(of: "\($0)") != nil } <= 20)
  }
}
