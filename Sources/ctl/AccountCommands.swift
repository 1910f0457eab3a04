import ArgumentParser
import CloudClient
import Foundation

struct RegisterCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "register", abstract: "Make an account with a workspace, and log in.")

  @Argument(help: "The address to log in with.")
  var email: String

  @Option(help: "Your name.")
  var name: String?

  @Option(help: "The name of the workspace.")
  var workspaceName: String?

  @Flag(help: "Read the password from the standard input instead of asking for it.")
  var passwordStdin = false

  @OptionGroup(title: "Service") var options: GlobalOptions

  func run() async throws {
    let request = RegisterRequest(
      email: email, password: try Password.readNew(fromStandardInput: passwordStdin), name: name,
      workspaceName: workspaceName)
    let registration = try await options.withClient(.none) { try await $0.register(request) }
    let store = CredentialStore.standard(ProcessInfo.processInfo.environment)
    try store.keep(registration.tokens, of: email)
    switch options.output {
    case .table:
      print(
        renderedPairs(
          [
            ("user", "\(registration.user.id) (\(registration.user.email))"),
            ("workspace", "\(registration.workspace.id) (\(registration.workspace.name))"),
            ("plan", registration.workspace.plan),
          ], style: .standardOutput()))
    case .json:
      try printJSON(registration)
    }
    Terminal.say(loggedIn(email, store))
  }
}

struct LoginCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "login", abstract: "Log in, and keep the token for later commands.")

  @Argument(help: "The address you registered with.")
  var email: String

  @Flag(help: "Read the password from the standard input instead of asking for it.")
  var passwordStdin = false

  @OptionGroup(title: "Service") var options: GlobalOptions

  func run() async throws {
    let password = try Password.read(prompt: "Password: ", fromStandardInput: passwordStdin)
    let tokens = try await options.withClient(.none) {
      try await $0.login(email: email, password: password)
    }
    let store = CredentialStore.standard(ProcessInfo.processInfo.environment)
    try store.keep(tokens, of: email)
    if options.output == .json { try printJSON(tokens) }
    Terminal.say(loggedIn(email, store))
  }
}

private func loggedIn(_ email: String, _ store: CredentialStore) -> String {
  "Logged in as \(email); the tokens are kept in \(store.file.path) until `clean-ctl logout`"
}

struct LogoutCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logout", abstract: "End the last login, and forget its tokens.")

  @Flag(help: "End all logins of the user, on other machines too.")
  var everywhere = false

  @OptionGroup(title: "Service") var options: GlobalOptions

  func run() async throws {
    let store = CredentialStore.standard(ProcessInfo.processInfo.environment)
    guard let login = try store.load() else {
      throw CommandFailure(status: .refused, message: "nobody is logged in here")
    }
    do {
      try await options.withClient(.none) { client in
        let token = try await store.accessToken(client)
        try await client.with(token: token).logout(everywhere: everywhere)
      }
    } catch let error as CloudError where error.code == .unauthenticated {
      // It has ended already.
    } catch let error as CommandFailure where error.status == .refused {
      // The same, found when its token was renewed.
    }
    store.clear()
    Terminal.say("Logged out \(login.email)")
  }
}

struct WhoamiCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "whoami", abstract: "Show whom the token stands for and what it may do.")

  @OptionGroup(title: "Service") var options: GlobalOptions

  func run() async throws {
    let identity = try await options.withClient { try await $0.authenticate() }
    try options.show(identity) { renderedPairs(identity.pairs, style: $0) }
  }
}

extension Identity {
  /// What there is to say, without lines for what does not apply.
  var pairs: [(name: String, value: String)] {
    var pairs = [(name: "credential", value: String(kind.rawValue.map { $0 == "_" ? " " : $0 }))]
    if let keyID { pairs.append(("key", keyID)) }
    if let user {
      pairs.append(
        ("user", [user.id, user.email, user.name].compactMap { $0 }.joined(separator: "  ")))
    }
    if let workspace {
      pairs.append(("workspace", "\(workspace.id)  \(workspace.name) (\(workspace.plan))"))
    }
    if let role { pairs.append(("role", role.rawValue)) }
    if let scopes { pairs.append(("scopes", scopes.map(\.rawValue).joined(separator: ", "))) }
    pairs.append(("permissions", permissions.map(\.rawValue).joined(separator: ", ")))
    return pairs
  }
}
