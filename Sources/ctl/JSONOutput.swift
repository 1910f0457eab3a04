import CloudClient
import Foundation

/// Prints a value as JSON, indented, in the API's own field names.
func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder.cleanCloud
  encoder.outputFormatting.insert(.prettyPrinted)
  print(String(decoding: try encoder.encode(value), as: UTF8.self))
}
