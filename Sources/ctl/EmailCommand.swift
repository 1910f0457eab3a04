import ArgumentParser
import CloudClient

struct EmailCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "email", abstract: "Prove that your account's address is yours.",
    discussion: """
      Until then nobody can make you a member of a workspace by your address alone. Accepting a \
      mailed invitation and resetting the password prove it, too.
      """,
    subcommands: [Request.self, Verify.self])

  struct Request: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Ask for a mail with a token that proves the address.",
      discussion: "One came when you registered, if the operator has a mailer.")

    @OptionGroup(title: "Service") var options: GlobalOptions

    func run() async throws {
      try await options.withClient { try await $0.requestEmailVerification() }
      Terminal.say("A mail with a token is on its way; use it with `clean-ctl email verify TOKEN`")
    }
  }

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prove the address with the token that was mailed to it.")

    @Argument(help: "The token, or - to read it from the standard input.")
    var verificationToken: SecretArgument

    @OptionGroup(title: "Service") var options: GlobalOptions

    func run() async throws {
      let token = try verificationToken.read()
      try await options.withClient { try await $0.verifyEmail(token: token) }
      Terminal.say("The address is proven")
    }
  }
}
