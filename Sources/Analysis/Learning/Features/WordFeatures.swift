import Foundation

/// Words of texts as features: single words and pairs of neighbours, hashed (Weinberger et al. 2009),
/// with TF-IDF weights (Salton and Buckley 1988) and unit length for each text.
struct WordFeatures {
  static let bucketCount = 1 << 18
  /// What follows this many bytes of a text is left out.
  static let byteLimit = 1 << 16

  /// What reading, sorting and weighing the words of a byte costs, in additions and multiplications.
  private static let workPerByte = 60

  /// Features of a column's texts; buckets that fewer than two texts have are left out.
  ///
  /// - Parameter limit: the most features; the most frequent ones are kept.
  static func make(
    _ column: Column, rows: [Int], limit: Int, pace: Pace
  ) throws(AnalysisCancelled) -> SparseRows {
    var counts = SparseRows(width: bucketCount)
    var documents = [Int32](repeating: 0, count: bucketCount)
    var buckets: [Int32] = []
    var words = WordSplitter()
    for row in rows {
      buckets.removeAll(keepingCapacity: true)
      if !column.isMissing(row) {
        let text = column.bytes(row).prefix(byteLimit)
        try pace.spend((text.count + 1) * workPerByte)
        words.hashes(of: text)
        var previous: UInt64?
        for hash in words.hashes {
          buckets.append(bucket(hash))
          if let previous { buckets.append(bucket(previous &* 0x9E37_79B9_7F4A_7C15 ^ hash)) }
          previous = hash
        }
        buckets.sort()
      }
      var position = 0
      while position < buckets.count {
        var end = position + 1
        while end < buckets.count, buckets[end] == buckets[position] { end += 1 }
        counts.append(column: Int(buckets[position]), value: Float(end - position))
        documents[Int(buckets[position])] += 1
        position = end
      }
      counts.endRow()
    }
    return try weighted(counts, documents: documents, limit: limit, pace)
  }

  private static func weighted(
    _ counts: SparseRows, documents: [Int32], limit: Int, _ pace: Pace
  ) throws(AnalysisCancelled) -> SparseRows {
    var kept = documents.indices.filter { documents[$0] >= 2 }
    if kept.count > limit {
      kept.sort { (documents[$1], $0) < (documents[$0], $1) }
      kept = kept.prefix(limit).sorted()
    }
    var featureOfBucket = [Int32](repeating: -1, count: bucketCount)
    for (feature, bucket) in kept.enumerated() { featureOfBucket[bucket] = Int32(feature) }
    let rarity = kept.map { bucket in
      Float(log(Double(1 + counts.rowCount) / Double(1 + documents[bucket])) + 1)
    }
    var result = SparseRows(width: kept.count)
    var row: [(feature: Int, weight: Float)] = []
    for index in 0..<counts.rowCount {
      row.removeAll(keepingCapacity: true)
      try pace.spend((counts.starts[index + 1] - counts.starts[index]) * workPerByte)
      var square: Float = 0
      for position in counts.starts[index]..<counts.starts[index + 1] {
        let feature = Int(featureOfBucket[Int(counts.columns[position])])
        guard feature >= 0 else { continue }
        let count = counts.values[position]
        let weight = (count == 1 ? 1 : 1 + Float(log(Double(count)))) * rarity[feature]
        row.append((feature, weight))
        square += weight * weight
      }
      let share = square > 0 ? 1 / square.squareRoot() : 0
      for (feature, weight) in row { result.append(column: feature, value: weight * share) }
      result.endRow()
    }
    return result
  }

  private static func bucket(_ hash: UInt64) -> Int32 {
    var mixed = hash
    mixed = (mixed ^ (mixed >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    mixed ^= mixed >> 33
    return Int32(truncatingIfNeeded: mixed & UInt64(bucketCount - 1))
  }
}

/// Splits text into words and punctuation marks and hashes them, letters in either case alike.
///
/// A word is a run of letters, marks, digits and underscores; any other character but a space stands
/// for itself, as does each one of a script without spaces, with its marks (``UnspacedScript``).
struct WordSplitter {
  /// Hashes of the words of the last text, in order (FNV-1a, 64 bits).
  private(set) var hashes: [UInt64] = []

  private static let basis: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func hashes(of text: ArraySlice<UInt8>) {
    hashes.removeAll(keepingCapacity: true)
    var hash = Self.basis
    var isInWord = false
    /// Whether the word is a character, which only marks belong to.
    var isCharacter = false
    func mixed(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
      (hash ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    func endWord() {
      if isInWord { hashes.append(hash) }
      hash = Self.basis
      isInWord = false
      isCharacter = false
    }
    var index = text.startIndex
    while index < text.endIndex {
      let byte = text[index]
      if byte < 0x80 {
        index += 1
        let lower = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
        if (0x61...0x7A).contains(lower) || (0x30...0x39).contains(lower) || lower == 0x5F {
          if isCharacter { endWord() }
          hash = mixed(hash, lower)
          isInWord = true
        } else {
          endWord()
          if byte > 0x20, byte != 0x7F { hashes.append(mixed(hash, byte)) }
        }
        continue
      }
      let (scalar, length) = Self.scalar(text, at: index)
      index += length
      switch Self.kind(scalar) {
      case .character:
        endWord()
        hash = String(scalar).utf8.reduce(hash, mixed)
        (isInWord, isCharacter) = (true, true)
      case .letter:
        if isCharacter, UnspacedScript.kind(scalar.value) != .mark { endWord() }
        for byte in scalar.properties.lowercaseMapping.utf8 { hash = mixed(hash, byte) }
        isInWord = true
      case .space:
        endWord()
      case .single:
        endWord()
        hashes.append(String(scalar).utf8.reduce(hash, mixed))
      }
    }
    endWord()
  }

  private enum Kind { case letter, character, space, single }

  private static func kind(_ scalar: Unicode.Scalar) -> Kind {
    switch UnspacedScript.kind(scalar.value) {
    case .character: return .character
    case .mark: return .letter
    case .separator, nil: break
    }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber:
      return .letter
    case .spaceSeparator, .lineSeparator, .paragraphSeparator, .control, .format: return .space
    default: return .single
    }
  }

  /// The character that begins at an index, and its bytes; the replacement character for a byte that
  /// begins none.
  private static func scalar(
    _ text: ArraySlice<UInt8>, at index: Int
  ) -> (Unicode.Scalar, Int) {
    let first = text[index]
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1
    guard length > 1, index + length <= text.endIndex else { return ("\u{FFFD}", 1) }
    var value = UInt32(first) & (0xFF >> UInt32(length + 1))
    for offset in 1..<length {
      let byte = text[index + offset]
      guard byte & 0xC0 == 0x80 else { return ("\u{FFFD}", 1) }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    guard let scalar = Unicode.Scalar(value) else { return ("\u{FFFD}", length) }
    return (scalar, length)
  }
}
