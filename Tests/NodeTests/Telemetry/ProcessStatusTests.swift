import Testing

@testable import NodeTelemetry

@Suite struct ProcessStatusTests {
  @Test func aProgramMayBeCalledAnything() throws {
    let stat =
      "42 (a) b) R 1 42 42 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 7 0 1000 8192000 300 18446"
    let status = try #require(
      ProcessStatus(stat: stat, bootSeconds: 1_700_000_000, ticksPerSecond: 100, pageBytes: 4096))
    #expect(status.processorSeconds == 3)
    #expect(status.threads == 7)
    #expect(status.startSeconds == 1_700_000_010)
    #expect(status.virtualBytes == 8_192_000)
    #expect(status.residentBytes == 1_228_800)
  }

  @Test func thisProcessHasMemory() throws {
    let status = try #require(ProcessStatus.read())
    #expect(status.residentBytes > 1_000_000)
    #expect(status.startSeconds > 1_500_000_000)
  }
}
