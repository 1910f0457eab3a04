/// The media types that a client takes, by its `Accept` (RFC 9110 §12.5.1).
struct MediaRanges: Sendable {
  private struct Range {
    /// `text/html`, `text/*` or `*/*`, in lower case.
    var name: String
    var quality: Double
  }

  private let ranges: [Range]

  /// - Parameter accept: The header; without one, anything is taken.
  init(_ accept: String?) {
    ranges = (accept ?? "").split(separator: ",").compactMap { part in
      let pieces = part.split(separator: ";").map { String($0).trimmingSpaces().lowercased() }
      guard let name = pieces.first, name.contains("/") else { return nil }
      let quality = pieces.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) }
      return Range(name: name, quality: (quality ?? 1) ?? 0)
    }
  }

  /// The one of some types that the client likes best, the first of them where it does not care.
  ///
  /// - Parameter types: As `text/html`, without parameters.
  /// - Returns: Nil if it takes none.
  func preferred(of types: [String]) -> String? {
    guard !ranges.isEmpty else { return types.first }
    var best: (type: String, quality: Double)?
    for type in types {
      let quality = quality(of: type)
      if quality > (best?.quality ?? 0) { best = (type, quality) }
    }
    return best?.type
  }

  /// The most specific range that has the type decides.
  private func quality(of type: String) -> Double {
    let group = type.prefix { $0 != "/" } + "/*"
    for name in [type, String(group), "*/*"] {
      if let range = ranges.first(where: { $0.name == name }) { return range.quality }
    }
    return 0
  }
}
