/// Two rows that are nearly equal.
struct NearPair: Sendable {
  var first: UInt32
  var second: UInt32
  /// From 0 to 1, where 1 is equal.
  var similarity: Float
}

/// Rows that are nearly equal to one that is to be kept.
struct DuplicateGroup: Sendable {
  var keep: Int
  /// In ascending order, with the similarity to the kept row.
  var members: [(row: Int, similarity: Double)]

  /// Forms groups around the rows that are kept, the most complete first, then the earliest.
  ///
  /// A row joins a group only if it is nearly equal to the very row that is kept (star clustering,
  /// Aslam, Pelekhov and Rus 2004), so that no chain of small differences leads to a group of unlike
  /// rows, and every row that could be removed has one nearly equal to it that stays.
  ///
  /// - Parameter missing: the cells of a row without a value.
  static func form(_ pairs: [NearPair], missing: (Int) -> Int) -> [DuplicateGroup] {
    var neighbors: [UInt32: [(row: UInt32, similarity: Float)]] = [:]
    for pair in pairs {
      neighbors[pair.first, default: []].append((pair.second, pair.similarity))
      neighbors[pair.second, default: []].append((pair.first, pair.similarity))
    }
    let order = neighbors.keys.map { (missing: missing(Int($0)), row: $0) }.sorted { $0 < $1 }
    var taken: Set<UInt32> = []
    var groups: [DuplicateGroup] = []
    for (_, row) in order where !taken.contains(row) {
      var best: [UInt32: Float] = [:]
      for neighbor in neighbors[row] ?? [] where !taken.contains(neighbor.row) {
        best[neighbor.row] = max(best[neighbor.row] ?? 0, neighbor.similarity)
      }
      guard !best.isEmpty else { continue }
      taken.insert(row)
      taken.formUnion(best.keys)
      groups.append(
        DuplicateGroup(
          keep: Int(row),
          members: best.sorted { $0.key < $1.key }.map { (Int($0.key), Double($0.value)) }))
    }
    return groups.sorted { $0.keep < $1.keep }
  }
}
