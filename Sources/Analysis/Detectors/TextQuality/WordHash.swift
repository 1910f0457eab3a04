/// Words as hashes, ASCII letters in small ones.
enum WordHash {
  static func of(_ word: some Sequence<UInt8>) -> UInt64 {
    word.reduce(StableHash.start) { StableHash.adding($1.lowered, to: $0) }
  }

  /// The hashes of a text's words, in their order.
  static func words(_ text: ArraySlice<UInt8>, into words: inout [UInt64]) {
    words.removeAll(keepingCapacity: true)
    text.withUnsafeBufferPointer { text in
      var hash = StableHash.start
      var isInWord = false
      for byte in text {
        if byte.isWordByte {
          hash = StableHash.adding(byte.lowered, to: hash)
          isInWord = true
        } else if isInWord {
          words.append(hash)
          (hash, isInWord) = (StableHash.start, false)
        }
      }
      if isInWord { words.append(hash) }
    }
  }
}
