import ArgumentParser
import CloudClient
import Foundation

/// How a command prints what it found.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
  case table
  case json
}

/// The options of every command that talks to the service.
struct GlobalOptions: ParsableArguments {
  static let defaultEndpoint = "http://127.0.0.1:8000"

  @Option(
    help: ArgumentHelp(
      "Nodes to talk to, tried in this order (CLEAN_ENDPOINTS; default: \(defaultEndpoint)).",
      valueName: "url,url…"))
  var endpoints: String?

  @Option(
    help: """
      An admin token, an API key or an access token (CLEAN_TOKEN; default: the last login's).
      """)
  var token: String?

  @Option(help: "How results are printed.")
  var output: OutputFormat = .table

  @Option(
    help: ArgumentHelp(
      "Trust the certificates in this PEM file instead of the system's.", valueName: "file"))
  var cacert: String?

  /// Whose token goes with the calls of a command.
  enum Credential {
    /// The one given by option or environment, or else the last login's.
    case any
    /// None: the call is for anybody.
    case none
  }

  func endpointList(environment: [String: String]) -> [String] {
    let text = endpoints ?? environment["CLEAN_ENDPOINTS"] ?? Self.defaultEndpoint
    return text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  /// The token given by option or environment.
  func givenToken(environment: [String: String]) -> String? {
    guard let token = token ?? environment["CLEAN_TOKEN"], !token.isEmpty else { return nil }
    return token
  }

  /// Prints what was found: the value itself, or a text for people.
  func show(_ value: some Encodable, as text: (Style) -> String) throws {
    switch output {
    case .table: print(text(.standardOutput()))
    case .json: try printJSON(value)
    }
  }

  /// Runs `body` with a client as the options say, and closes the client afterwards.
  func withClient<Value>(
    _ credential: Credential = .any,
    _ body: (CloudClient) async throws -> Value
  ) async throws -> Value {
    let environment = ProcessInfo.processInfo.environment
    let client = try CloudClient(
      endpoints: endpointList(environment: environment), caCertificates: cacert,
      retries: Self.retries)
    do {
      let value = try await calling(as: credential, client, environment, body)
      await client.shutdown()
      return value
    } catch {
      await client.shutdown()
      throw error
    }
  }

  private func calling<Value>(
    as credential: Credential, _ client: CloudClient, _ environment: [String: String],
    _ body: (CloudClient) async throws -> Value
  ) async throws -> Value {
    guard credential == .any else { return try await body(client) }
    var token = givenToken(environment: environment)
    if token == nil {
      token = try await CredentialStore.standard(environment).accessToken(client)
    }
    do {
      return try await body(client.with(token: token))
    } catch let error as CloudError where error.code == .unauthenticated && token == nil {
      throw CommandFailure(
        status: .refused,
        message: "you are not logged in; use `clean-ctl login EMAIL`, CLEAN_TOKEN or --token")
    }
  }

  /// Somebody waits: an election is worth it, and a mistyped address is told soon.
  private static let retries = RetryPolicy(
    repeats: 5, deadline: .seconds(10), pause: .milliseconds(50))
}
