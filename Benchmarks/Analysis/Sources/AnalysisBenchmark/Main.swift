import ArgumentParser

/// Measures the analysis engine, and runs it on files for the comparisons beside it.
///
/// docs/benchmarks.md explains the figures.
@main
struct AnalysisBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures the analysis engine, and runs it on files.",
    subcommands: [MakeCommand.self, TimeCommand.self, ReportCommand.self, FixCommand.self])
}
