#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension MetricsRegistry {
  /// Shows what the operating system knows about this process, under the names that Prometheus's
  /// own clients use. Reads `/proc`, so there is nothing to show on other systems than Linux.
  public func addProcessMetrics() {
    addCollector {
      guard let status = ProcessStatus.read() else { return [] }
      return [
        MetricSample(ProcessStatus.processorTime, value: status.processorSeconds),
        MetricSample(ProcessStatus.residentMemory, value: status.residentBytes),
        MetricSample(ProcessStatus.virtualMemory, value: status.virtualBytes),
        MetricSample(ProcessStatus.startTime, value: status.startSeconds),
        MetricSample(ProcessStatus.threads, value: status.threads),
      ]
    }
  }
}

/// A reading of `/proc/self/stat`; proc(5) describes its fields.
struct ProcessStatus {
  static let processorTime = MetricDefinition(
    "process_cpu_seconds_total", .counter, help: "User and system CPU time spent in seconds.")
  static let residentMemory = MetricDefinition(
    "process_resident_memory_bytes", .gauge, help: "Resident memory size in bytes.")
  static let virtualMemory = MetricDefinition(
    "process_virtual_memory_bytes", .gauge, help: "Virtual memory size in bytes.")
  static let startTime = MetricDefinition(
    "process_start_time_seconds", .gauge,
    help: "Start time of the process since the Unix epoch in seconds.")
  static let threads = MetricDefinition(
    "process_threads", .gauge, help: "Threads of the process.")

  var processorSeconds: Double
  var residentBytes: Double
  var virtualBytes: Double
  var startSeconds: Double
  var threads: Double

  static func read() -> ProcessStatus? {
    guard let stat = contents(of: "/proc/self/stat"),
      let system = contents(of: "/proc/stat"),
      let bootLine = system.split(separator: "\n").first(where: { $0.hasPrefix("btime ") }),
      let boot = Double(bootLine.dropFirst("btime ".count))
    else { return nil }
    return ProcessStatus(
      stat: stat, bootSeconds: boot, ticksPerSecond: Double(sysconf(Int32(_SC_CLK_TCK))),
      pageBytes: Double(sysconf(Int32(_SC_PAGESIZE))))
  }

  init?(stat: String, bootSeconds: Double, ticksPerSecond: Double, pageBytes: Double) {
    // The second field is the program's name in parentheses and may hold anything, even ")".
    guard let name = stat.lastIndex(of: ")") else { return nil }
    let fields = stat[stat.index(after: name)...].split(whereSeparator: \.isWhitespace)
    func field(_ number: Int) -> Double? {
      fields.indices.contains(number - 3) ? Double(fields[number - 3]) : nil
    }
    guard let user = field(14), let kernel = field(15), let threads = field(20),
      let start = field(22), let virtual = field(23), let resident = field(24)
    else { return nil }
    processorSeconds = (user + kernel) / ticksPerSecond
    residentBytes = resident * pageBytes
    virtualBytes = virtual
    startSeconds = bootSeconds + start / ticksPerSecond
    self.threads = threads
  }

  private static func contents(of path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    // The start of /proc/stat is a line a processor; the boot time stands after them.
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while bytes.count < 4 << 20 {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { break }
      bytes.append(contentsOf: buffer.prefix(count))
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
