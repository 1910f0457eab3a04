extension [String] {
  /// The names in the order of their edit distance from `name`, letters in either case, and where
  /// that is equal in the order they have.
  func nearest(to name: String) -> [String] {
    let wanted = Array<UInt8>.comparable(name)
    let distances = map { Array<UInt8>.comparable($0).editDistance(to: wanted) }
    return indices.sorted { (distances[$0], $0) < (distances[$1], $1) }.map { self[$0] }
  }
}

extension [UInt8] {
  /// As much of a name as tells it from others; comparing costs the product of the lengths.
  fileprivate static func comparable(_ name: String) -> [UInt8] {
    Array(name.lowercased().utf8.prefix(40))
  }

  /// How many bytes must be inserted, deleted or replaced to make one of the other (Levenshtein;
  /// Wagner and Fischer 1974).
  fileprivate func editDistance(to other: [UInt8]) -> Int {
    var row = Array<Int>(0...other.count)
    for (index, byte) in enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in other.indices {
        let replaced = diagonal + (byte == other[column] ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = Swift.min(replaced, diagonal + 1, row[column] + 1)
      }
    }
    return row[other.count]
  }
}
