import Testing

extension ProcessTests {
  /// The example of the consensus library, as its reader runs it.
  @Suite struct ExampleTests {
    @Test func allMembersAddUpTheSame() throws {
      let run = try Binaries.run("replicated-sum", [], environment: [:])
      #expect(run.code == 0, "\(run.error)")
      let sums = run.output.split(separator: "\n").map { $0.split(separator: " ").last }
      #expect(sums == ["55", "55", "55"])
    }
  }
}
