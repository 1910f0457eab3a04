import ArgumentParser
import CloudClient

struct PasswordCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "password", abstract: "Change your password, or reset one that is lost.",
    subcommands: [Change.self, Reset.self, ConfirmReset.self])

  struct Change: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Change your password. All your other logins end.")

    @Flag(help: "Read two lines from the standard input: the password until now, and the new one.")
    var passwordStdin = false

    @OptionGroup(title: "Service") var options: GlobalOptions

    func run() async throws {
      let current = try Password.read(
        prompt: "Current password: ", fromStandardInput: passwordStdin)
      let new = try Password.readNew(fromStandardInput: passwordStdin)
      try await options.withClient { try await $0.changePassword(from: current, to: new) }
      Terminal.say("Changed the password; other logins have ended")
    }
  }

  struct Reset: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Ask for a mail with a token that sets a new password.",
      discussion: "Where the operator has no mailer, ask the operator for a token instead.")

    @Argument(help: "The address of whoever has lost the password.")
    var email: String

    @OptionGroup(title: "Service") var options: GlobalOptions

    func run() async throws {
      try await options.withClient(.none) { try await $0.requestPasswordReset(email: email) }
      Terminal.say(
        "If \(email) has an account, and the operator a mailer, a mail with a token is on its way; "
          + "use it with `clean-ctl password confirm-reset TOKEN`")
    }
  }

  struct ConfirmReset: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Set a new password with a reset token. All logins of the user end.",
      discussion: """
        The token came by mail or from the operator, is good once, and proves that the address is \
        yours.
        """)

    @Argument(help: "The token, or - to read it from the standard input.")
    var resetToken: SecretArgument

    @Flag(help: "Read the new password from the standard input instead of asking for it.")
    var passwordStdin = false

    @OptionGroup(title: "Service") var options: GlobalOptions

    func run() async throws {
      let token = try resetToken.read()
      let password = try Password.readNew(fromStandardInput: passwordStdin)
      try await options.withClient(.none) {
        try await $0.resetPassword(token: token, password: password)
      }
      Terminal.say("The new password holds; log in with `clean-ctl login EMAIL`")
    }
  }
}
