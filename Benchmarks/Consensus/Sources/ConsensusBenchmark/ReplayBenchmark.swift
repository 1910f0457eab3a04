import Foundation
import Measuring
import Raft

/// Opening a log: every byte of it is read, checked and indexed. Each opening has a process of its
/// own, whose memory it is.
enum ReplayBenchmark {
  private static let rounds = 5
  private static let flag = "--replay-of="

  /// The directory that such a process is to open.
  static func directory(_ argument: String) -> String? {
    argument.hasPrefix(flag) ? String(argument.dropFirst(flag.count)) : nil
  }

  static func run(in scratch: String) throws {
    report("Replay, the files in the page cache:")
    try measure(entries: 1_000_000, size: 32, in: scratch)
    try measure(entries: 1_000_000, size: 128, in: scratch)
    try measure(entries: 128_000, size: 4096, in: scratch)
  }

  private static func measure(entries: Int, size: Int, in scratch: String) throws {
    let directory = "\(scratch)/replay-\(size)"
    var log = try BenchmarkedLog(directory: directory, batch: 1000, payload: size)
    _ = try log.append(entries / 1000)
    log.close()
    let results = try (0..<rounds).map { _ in try child(directory) }
    guard let first = results.first, first.entries == entries else {
      preconditionFailure("the log holds what was written")
    }
    report(
      """
        \(grouped(Double(entries))) entries of \(size) bytes, \
      \(grouped(Double(first.bytes) / 1e6)) MB: \
      \(Spread(results.map { $0.seconds * 1000 }).grouped) ms, \
      \(Spread(results.map { Double($0.bytes) / $0.seconds / 1e6 }).grouped) MB/s, \
      \(Spread(results.map { Double($0.entries) / $0.seconds }).grouped) entries/s; \
      peak resident memory \(Spread(results.map { $0.peak / 1024 }).grouped) MiB, before \
      \(grouped(first.before / 1024)) MiB
      """)
    try FileManager.default.removeItem(atPath: directory)
  }

  private struct Result: Codable {
    var seconds: Double
    var entries: Int
    var bytes: Int
    /// Peak resident memory, in KiB.
    var before: Double
    var peak: Double
  }

  private static func child(_ directory: String) throws -> Result {
    let process = Process()
    process.executableURL = Bundle.main.executableURL
    process.arguments = [flag + directory]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let json = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try JSONDecoder().decode(Result.self, from: json)
  }

  /// What the process of its own does.
  static func replay(_ directory: String) throws {
    let before = try peakMemory()
    var result = Result(seconds: 0, entries: 0, bytes: 0, before: before, peak: 0)
    result.seconds = try seconds {
      let (store, recovered) = try LogStore.open(
        fileSystem: PosixFileSystem(), directory: directory,
        options: LogStore.Options(member: MemberID(1), createsLog: false))
      result.entries = recovered.terms.lastIndex - recovered.terms.base.index
      result.bytes = store.sizeInBytes
    }
    result.peak = try peakMemory()
    FileHandle.standardOutput.write(try JSONEncoder().encode(result))
  }

  /// The most memory that this process ever had, in KiB, as Linux tells it.
  private static func peakMemory() throws -> Double {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line?.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0
  }
}
