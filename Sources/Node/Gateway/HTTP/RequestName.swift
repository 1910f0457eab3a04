import HTTPTypes

/// The name by which a request is found in the logs.
enum RequestName {
  /// The client's own if it is one that can stand in a log and a header, otherwise a new one.
  static func of(_ headers: HTTPFields) -> String {
    if let given = headers[.requestID], isValid(given) { return given }
    return "req_" + Random.hexadecimal(bytes: 12)
  }

  private static func isValid(_ text: String) -> Bool {
    (1...128).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
          || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || "-_.:".utf8.contains(byte)
      }
  }
}
