/// Words as hashes, ASCII letters in small ones.
enum WordHash {
  static func of(_ word: some Sequence<UInt8>) -> UInt64 {
    word.reduce(StableHash.start) { StableHash.adding($1.lowered, to: $0) }
  }

  /// The hashes of a text's words, in their order: runs of letters, and single characters of scripts
  /// without spaces (``UnspacedScript``).
  static func words(_ text: ArraySlice<UInt8>, into words: inout [UInt64]) {
    words.removeAll(keepingCapacity: true)
    text.withUnsafeBufferPointer { text in
      var hash = StableHash.start
      var isInWord = false
      var index = 0
      while index < text.count {
        let byte = text[index]
        if byte >= UnspacedScript.firstLead, let piece = UnspacedScript.piece(text, at: index) {
          if isInWord { words.append(hash) }
          (hash, isInWord) = (StableHash.start, false)
          if piece.isWord { words.append(of(text[index..<(index + piece.length)])) }
          index += piece.length
          continue
        }
        index += 1
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
