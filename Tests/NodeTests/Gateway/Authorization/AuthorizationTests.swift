import CloudAPI
import Testing

@testable import NodeGateway

/// Every operation of the document × everybody who could call it × their own workspace or another's,
/// on a real node, against the contract's table. An operation is covered from the moment that it is
/// declared; one that the stage does not know what to send to fails.
@Suite struct AuthorizationTests {
  @Test func everyOperationAdmitsWhomTheContractAdmits() async throws {
    try await TestGateway.run({ options in
      options.rateLimit = nil
      options.anonymousRateLimit = nil
      // There is one; that it takes nothing is no matter of the caller's.
      options.mailer = MailerOptions(url: "http://127.0.0.1:1/", pauses: [])
    }) { node in
      let stage = try await AuthorizationStage(node)
      var allowed: Set<String> = []
      for operation in node.contract.operations {
        let needed = try #require(
          ContractRights.needs[operation.id],
          "say in ContractRights.needs who may call \(operation.id)")
        #expect(operation.permission == needed, "\(operation.id)")
        for caller in Self.callers(needing: needed) {
          let places = Self.places(caller, concernsWorkspace: stage.concernsWorkspace(operation))
          for isForeign in places {
            let expected = ContractAnswer(
              to: caller, of: operation.id, needing: needed, isForeign: isForeign)
            let changes = expected == .allowed && operation.method != "GET"
            let answer =
              changes
              ? try await stage.callOnce(operation, by: caller)
              : try await stage.call(operation, by: caller, isForeign: isForeign)
            let call = "\(operation.id) by \(caller), \(isForeign ? "foreign" : "own") workspace"
            #expect(Self.isAsExpected(answer, expected), "\(call): \(expected), \(answer.text)")
            if expected == .allowed { allowed.insert(operation.id) }
          }
        }
      }
      #expect(allowed == Set(ContractRights.needs.keys))
    }
  }

  /// What is open to anyone looks at no credential, so one good, one bad and none say it all.
  private static func callers(needing permission: String) -> [ContractCaller] {
    guard permission == "anyone" else { return ContractCaller.everybody }
    return [
      ContractCaller(standing: .nobody, proof: .nothing),
      ContractCaller(standing: .member(role: "viewer"), proof: .revokedKey),
      ContractCaller(standing: .member(role: "owner"), proof: .accessToken),
    ]
  }

  /// Whether a call can be about a foreign workspace, the caller's own, or either.
  private static func places(_ caller: ContractCaller, concernsWorkspace: Bool) -> [Bool] {
    guard concernsWorkspace else { return [false] }
    return switch caller.standing {
    case .member: [false, true]
    case .stranger: [true]
    case .nobody, .operator: [false]
    }
  }

  private static func isAsExpected(_ answer: TestAnswer, _ expected: ContractAnswer) -> Bool {
    let problem = try? answer.decode(Problem.self)
    return switch expected {
    case .allowed: (200...299).contains(answer.status)
    case .unauthenticated: answer.status == 401
    case .forbidden(let permission):
      answer.status == 403 && problem?.permission?.rawValue == permission
    case .notFound: answer.status == 404
    }
  }
}
