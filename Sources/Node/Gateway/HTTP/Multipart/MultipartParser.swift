import Foundation

/// Reads a body of several parts as it arrives (RFC 2046 §5.1, for forms RFC 7578).
///
/// Pieces may end anywhere; what is found does not depend on where. What is held is one part's headers at
/// most.
struct MultipartParser: Sendable {
  enum Event {
    /// A part begins.
    case part(Headers)
    /// Some of its content.
    case content(UnsafeRawBufferPointer)
  }

  /// What a part says about itself.
  struct Headers: Hashable, Sendable {
    /// By their names in lower case.
    var fields: [String: String]
  }

  private enum State: Hashable, Sendable {
    /// Before the first delimiter.
    case preamble
    /// Behind a delimiter, up to the end of its line.
    case delimiter
    case headers
    case content
    /// Behind the last delimiter, where nothing has a meaning.
    case epilogue
  }

  /// The bytes of one part's headers.
  static let maxHeaderBytes = 8 << 10
  /// What may stand between a delimiter and the end of its line.
  private static let maxPadding = 128

  /// The end of a line, two hyphens and the boundary. Only its first byte is a carriage return, so wherever
  /// it turns out not to be there, it can begin anew at that byte at the earliest.
  private let delimiter: [UInt8]
  private var state = State.preamble
  /// How much of the delimiter the last bytes are. The body's beginning counts as that of a line.
  private var matched = 2
  /// A line behind a delimiter, or headers.
  private var held: [UInt8] = []

  /// - Parameter boundary: What the media type's parameter says.
  /// - Throws: ``Failure`` if it cannot be one.
  init(boundary: String) throws(Failure) {
    guard (1...70).contains(boundary.utf8.count), boundary.last != " ",
      boundary.utf8.allSatisfy({ Self.boundaryBytes.contains($0) })
    else {
      throw .malformed(
        "Content-Type must name the boundary of the form's parts, of 1 to 70 characters")
    }
    delimiter = Array("\r\n--\(boundary)".utf8)
  }

  private static let boundaryBytes = Set(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'()+_,-./:=? ".utf8)

  /// Reads the next piece.
  ///
  /// - Throws: ``Failure`` for what is no such body, or what `body` throws.
  mutating func parse(
    _ piece: UnsafeRawBufferPointer, _ body: (Event) throws -> Void
  ) throws {
    var index = 0
    while index < piece.count {
      switch state {
      case .preamble:
        try seekDelimiter(piece, &index) { _ in }
      case .content:
        try seekDelimiter(piece, &index) { try body(.content($0)) }
      case .delimiter:
        readDelimiterEnd(piece, &index)
        try checkDelimiterEnd()
      case .headers:
        if let headers = try readHeaders(piece, &index) { try body(.part(headers)) }
      case .epilogue:
        return
      }
    }
  }

  /// Ends the body.
  ///
  /// - Throws: ``Failure`` if its last delimiter has not come.
  func finish() throws(Failure) {
    guard state != .epilogue else { return }
    throw .malformed("the form is cut off before the delimiter that ends it, or has no parts")
  }

  // MARK: Delimiters

  /// Hands out what is content for certain, up to a delimiter or the end of the piece.
  private mutating func seekDelimiter(
    _ piece: UnsafeRawBufferPointer, _ index: inout Int,
    _ take: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    // What was matched in earlier pieces is not in this one.
    var carried = matched
    let start = index
    var end = index
    while index < piece.count {
      if matched == 0 {
        guard let found = Self.carriageReturn(in: piece, from: index) else {
          index = piece.count
          end = index
          break
        }
        end = found
        index = found + 1
        matched = 1
      } else if piece[index] == delimiter[matched] {
        index += 1
        matched += 1
        if matched == delimiter.count { break }
      } else {
        if carried > 0 && state == .content {
          try delimiter.withUnsafeBytes {
            try take(UnsafeRawBufferPointer(rebasing: $0[..<carried]))
          }
        }
        carried = 0
        matched = 0
        end = index
      }
    }
    if start < end { try take(UnsafeRawBufferPointer(rebasing: piece[start..<end])) }
    if matched == delimiter.count {
      matched = 0
      state = .delimiter
    }
  }

  private static func carriageReturn(in piece: UnsafeRawBufferPointer, from index: Int) -> Int? {
    guard let base = piece.baseAddress,
      let found = memchr(base + index, 0x0d, piece.count - index)
    else { return nil }
    return UnsafeRawPointer(found) - base
  }

  private mutating func readDelimiterEnd(_ piece: UnsafeRawBufferPointer, _ index: inout Int) {
    while index < piece.count, held.count <= Self.maxPadding {
      held.append(piece[index])
      index += 1
      if held == [0x2d, 0x2d] || held.suffix(2) == [0x0d, 0x0a] { return }
    }
  }

  private mutating func checkDelimiterEnd() throws(Failure) {
    if held == [0x2d, 0x2d] {
      state = .epilogue
    } else if held.suffix(2) == [0x0d, 0x0a] {
      guard held.dropLast(2).allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else { throw Self.noBoundary }
      state = .headers
    } else if held.count > Self.maxPadding {
      throw Self.noBoundary
    } else {
      return
    }
    held = []
  }

  private static var noBoundary: Failure {
    .malformed("something stands behind a delimiter of the form; choose another boundary")
  }

  // MARK: Headers

  /// - Returns: Nothing as long as they have not ended.
  private mutating func readHeaders(
    _ piece: UnsafeRawBufferPointer, _ index: inout Int
  ) throws(Failure) -> Headers? {
    while index < piece.count {
      held.append(piece[index])
      index += 1
      if held == [0x0d, 0x0a] || held.suffix(4) == [0x0d, 0x0a, 0x0d, 0x0a] {
        defer {
          held = []
          state = .content
        }
        return try Headers(held)
      }
      guard held.count < Self.maxHeaderBytes else {
        throw .tooLarge(
          "the headers of a form's part may have at most \(Self.maxHeaderBytes) bytes")
      }
    }
    return nil
  }
}

extension MultipartParser.Headers {
  /// - Parameter bytes: Lines, each with its end, and an empty one.
  fileprivate init(_ bytes: [UInt8]) throws(Failure) {
    fields = [:]
    let text = String(decoding: bytes, as: UTF8.self)
    for line in text.split(separator: "\r\n") {
      guard let colon = line.firstIndex(of: ":"), line.first != " ", line.first != "\t" else {
        throw .malformed("a part of the form has a line in its headers that is none")
      }
      let name = String(line[..<colon]).lowercased()
      if fields[name] == nil {
        fields[name] = String(line[line.index(after: colon)...]).trimmingSpaces()
      }
    }
  }
}
