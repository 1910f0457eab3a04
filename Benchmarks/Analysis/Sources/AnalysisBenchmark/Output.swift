import ArgumentParser
import Foundation

/// Rows on the standard output, in large pieces.
struct Output {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case csv, ndjson, json
  }

  private let format: Format
  private var names: [String] = []
  private var rowCount = 0
  private var bytes: [UInt8] = []

  init(_ format: Format) {
    self.format = format
  }

  mutating func header(_ names: [String]) {
    self.names = names
    if format == .csv { write(names.joined(separator: ",") + "\n") }
  }

  /// Writes a row of values that need no quotes in CSV; in JSON those that are numbers have none.
  mutating func row(_ values: [String]) {
    switch format {
    case .csv: write(values.joined(separator: ",") + "\n")
    case .ndjson: write(object(values) + "\n")
    case .json: write((rowCount == 0 ? "[\n" : ",\n") + object(values))
    }
    rowCount += 1
  }

  mutating func end() {
    if format == .json { write("\n]\n") }
    flush()
  }

  private func object(_ values: [String]) -> String {
    let members = zip(names, values).map { name, value in
      let isBare = Double(value)?.isFinite == true
      return "\"\(name)\": " + (value.isEmpty ? "null" : isBare ? value : "\"\(value)\"")
    }
    return "{\(members.joined(separator: ", "))}"
  }

  private mutating func write(_ text: String) {
    bytes += text.utf8
    if bytes.count > 1 << 20 { flush() }
  }

  private mutating func flush() {
    FileHandle.standardOutput.write(Data(bytes))
    bytes = []
  }
}
