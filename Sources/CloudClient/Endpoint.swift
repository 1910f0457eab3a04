import Foundation

/// The address of one node, such as `https://clean-0.example.com:8000`.
struct Endpoint: Hashable, Sendable, CustomStringConvertible {
  /// Scheme, host, port and path prefix, without a slash at the end.
  let description: String

  init(_ text: String) throws(CloudError) {
    let trimmed = text.trimmingCharacters(in: .whitespaces)
    guard let url = URLComponents(string: trimmed), let host = url.host, !host.isEmpty,
      url.scheme == "http" || url.scheme == "https",
      url.query == nil, url.fragment == nil, url.user == nil
    else {
      throw .invalidEndpoint(text)
    }
    description = String(trimmed.reversed().drop { $0 == "/" }.reversed())
  }

  func url(path: String, query: [(name: String, value: String)]) -> String {
    guard !query.isEmpty else { return description + path }
    let pairs = query.map { "\($0.name.percentEncoded)=\($0.value.percentEncoded)" }
    return description + path + "?" + pairs.joined(separator: "&")
  }
}

extension String {
  /// Everything but RFC 3986's unreserved characters encoded. `URLComponents` leaves `+` alone,
  /// which servers read as a space.
  var percentEncoded: String {
    var encoded = ""
    for byte in utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        encoded += byte < 16 ? "%0" : "%"
        encoded += String(byte, radix: 16, uppercase: true)
      }
    }
    return encoded
  }
}
