import Testing

@testable import NodeGateway

@Suite struct VerifiedTokensTests {
  private func token(_ subject: String) -> AccessTokens.Token {
    AccessTokens.Token(
      payload: AccessTokens.Payload(
        sub: subject, sid: "ses_1", iss: "c", aud: AccessTokens.audience, iat: 0, exp: 900),
      keyID: "sk_1")
  }

  @Test func knowsWhatItWasGivenAndNothingElse() {
    let tokens = VerifiedTokens()
    tokens.insert(token("a"), of: "token a")
    #expect(tokens.token(of: "token a")?.user.rawValue == "a")
    #expect(tokens.token(of: "token b") == nil)
  }

  @Test func forgetsWhatIsNotUsedAndKeepsWhatIs() {
    let tokens = VerifiedTokens(limit: 10)
    tokens.insert(token("kept"), of: "kept")
    tokens.insert(token("dropped"), of: "dropped")
    for i in 0..<100 {
      tokens.insert(token("\(i)"), of: "\(i)")
      #expect(tokens.token(of: "kept")?.user.rawValue == "kept")
    }
    #expect(tokens.token(of: "dropped") == nil)
    #expect((0..<100).count { tokens.token(of: "\($0)") != nil } <= 20)
  }
}
