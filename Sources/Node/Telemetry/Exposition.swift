/// Prometheus's text format 0.0.4.
///
/// <https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format>
public enum Exposition {
  /// The media type of the text.
  public static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

  static func text(
    families: some Sequence<MetricsRegistry.Family>, samples: [MetricSample]
  ) -> String {
    var groups: [String: (definition: MetricDefinition, lines: [(labels: String, Reading)])] = [:]
    for family in families where !family.series.isEmpty {
      groups[family.definition.name] = (
        family.definition, family.series.map { ($0.key, $0.value.reading) }
      )
    }
    for sample in samples {
      let name = metricName(sample.definition.name)
      groups[name, default: (sample.definition, [])].lines.append(
        (labels(sample.labels), .number(sample.value)))
    }
    var text = ""
    for (name, group) in groups.sorted(by: { $0.key < $1.key }) {
      text += "# HELP \(name) \(escape(group.definition.help, quotes: false))\n"
      text += "# TYPE \(name) \(group.definition.kind.rawValue)\n"
      for (labels, reading) in group.lines.sorted(by: { $0.labels < $1.labels }) {
        write(name, labels, reading, buckets: group.definition.buckets, to: &text)
      }
    }
    return text
  }

  private static func write(
    _ name: String, _ labels: String, _ reading: Reading, buckets: [Double], to text: inout String
  ) {
    switch reading {
    case .number(let value):
      text += "\(name)\(braced(labels)) \(number(value))\n"
    case .distribution(let counts, let sum):
      // Each range counts all that is not above its bound (cumulative histogram).
      var total: Int64 = 0
      for (range, count) in counts.enumerated() {
        total += count
        let bound = range < buckets.count ? number(buckets[range]) : "+Inf"
        let separator = labels.isEmpty ? "" : ","
        text += "\(name)_bucket{\(labels)\(separator)le=\"\(bound)\"} \(total)\n"
      }
      text += "\(name)_sum\(braced(labels)) \(number(sum))\n"
      text += "\(name)_count\(braced(labels)) \(total)\n"
    }
  }

  private static func braced(_ labels: String) -> String {
    labels.isEmpty ? "" : "{\(labels)}"
  }

  /// Labels as they stand between braces, ordered by name, so that the same labels are the same
  /// text.
  static func labels(_ labels: [(String, String)]) -> String {
    labels.sorted { $0.0 < $1.0 }
      .map { "\(identifier($0.0, colons: false))=\"\(escape($0.1, quotes: true))\"" }
      .joined(separator: ",")
  }

  /// The name with everything that Prometheus does not allow in one made an underscore.
  static func metricName(_ name: String) -> String {
    identifier(name, colons: true)
  }

  private static func identifier(_ name: String, colons: Bool) -> String {
    var result = ""
    for character in name.unicodeScalars {
      let isLetter =
        ("a"..."z").contains(character) || ("A"..."Z").contains(character) || character == "_"
        || (colons && character == ":")
      let isDigit = ("0"..."9").contains(character)
      if isDigit && result.isEmpty { result.append("_") }
      result.unicodeScalars.append(isLetter || isDigit ? character : "_")
    }
    return result.isEmpty ? "_" : result
  }

  private static func escape(_ text: String, quotes: Bool) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\": result += "\\\\"
      case "\n", "\r\n": result += "\\n"
      case "\"" where quotes: result += "\\\""
      default: result.append(character)
      }
    }
    return result
  }

  private static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    if let whole = Int64(exactly: value) { return String(whole) }
    return String(value)
  }
}
