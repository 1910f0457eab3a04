#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

extension JSONEncoder {
  /// The encoder of every body of the REST API: times as RFC 3339 in UTC, keys in a stable order.
  ///
  /// A new value each time, so that no caller can change another's settings.
  public static var cleanCloud: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .custom { date, encoder in
      var container = encoder.singleValueContainer()
      try container.encode(RFC3339.string(from: date))
    }
    return encoder
  }
}

extension JSONDecoder {
  /// The decoder of every body of the REST API. Fields it does not know are ignored.
  public static var cleanCloud: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .custom { decoder in
      let container = try decoder.singleValueContainer()
      let text = try container.decode(String.self)
      guard let date = RFC3339.date(from: text) else {
        throw DecodingError.dataCorruptedError(
          in: container,
          debugDescription: "\"\(text)\" is not an RFC 3339 time such as 2026-01-31T09:30:00Z")
      }
      return date
    }
    return decoder
  }
}
