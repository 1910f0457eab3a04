import ArgumentParser
import Foundation

/// The command line of Clean Cloud.
@main
struct CleanCtl: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clean-ctl",
    abstract: "Work with Clean Cloud: its cluster, its workspaces and your datasets.",
    discussion: """
      Exit codes: 0 done, 1 refused by the service, 2 wrong usage, 3 no endpoint reachable, \
      4 the cluster is unhealthy.
      """,
    subcommands: [
      ClusterCommand.self, RegisterCommand.self, LoginCommand.self, LogoutCommand.self,
      WhoamiCommand.self, PasswordCommand.self, EmailCommand.self, SessionCommand.self,
      WorkspaceCommand.self, UserCommand.self, InvitationCommand.self, KeyCommand.self,
      AuditCommand.self,
      AnalyzeCommand.self, FixCommand.self,
    ])

  static func main() async {
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      let ending = Ending(of: error)
      if !ending.standardOutput.isEmpty { print(ending.standardOutput) }
      if !ending.standardError.isEmpty { Terminal.say(ending.standardError) }
      Foundation.exit(ending.status.rawValue)
    }
  }
}
