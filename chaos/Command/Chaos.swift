import ArgumentParser

@main
struct Chaos: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chaos",
    abstract: "Breaks clusters, to find out whether they hold.",
    subcommands: [Simulate.self])
}
