import ArgumentParser

/// The password of somebody who may be new, and then needs one.
struct NewUserPassword: ParsableArguments {
  @Flag(help: "Ask for the password of a new user.")
  var setPassword = false

  @Flag(help: "Read the password of a new user from the standard input.")
  var passwordStdin = false

  /// Nothing where it was not asked for.
  func password() throws -> String? {
    setPassword || passwordStdin ? try Password.readNew(fromStandardInput: passwordStdin) : nil
  }
}
