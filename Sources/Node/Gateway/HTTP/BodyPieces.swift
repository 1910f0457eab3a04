/// A body that is made while it is sent, piece by piece.
struct BodyPieces: Sendable {
  /// Begins the body anew; what it returns makes the next piece each time, and nil after the last.
  let begin: @Sendable () -> () throws -> [UInt8]?

  init(_ begin: @escaping @Sendable () -> () throws -> [UInt8]?) {
    self.begin = begin
  }

  init(_ pieces: some Sequence<[UInt8]> & Sendable) {
    self.init {
      var iterator = pieces.makeIterator()
      return { iterator.next() }
    }
  }

  /// One piece.
  init(_ text: String) {
    self.init(CollectionOfOne(Array(text.utf8)))
  }

  /// One body after another.
  init(_ bodies: [BodyPieces]) {
    self.init {
      var rest = bodies[...]
      var next = rest.popFirst()?.begin()
      return {
        while let current = next {
          if let piece = try current() { return piece }
          next = rest.popFirst()?.begin()
        }
        return nil
      }
    }
  }

  /// The same pieces.
  ///
  /// - Parameter end: What is done after the last one, and when one cannot be made.
  func ending(_ end: @escaping @Sendable () -> Void) -> BodyPieces {
    BodyPieces {
      let next = begin()
      return {
        do {
          let piece = try next()
          if piece == nil { end() }
          return piece
        } catch {
          end()
          throw error
        }
      }
    }
  }

  /// Each piece changed by itself.
  func map(_ change: @escaping @Sendable ([UInt8]) -> [UInt8]) -> BodyPieces {
    BodyPieces {
      let next = begin()
      return { try next().map(change) }
    }
  }
}
