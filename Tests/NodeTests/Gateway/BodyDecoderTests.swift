import CloudAPI
import Testing

@testable import NodeGateway

@Suite struct BodyDecoderTests {
  static let compressing: [ContentCoding] = [.gzip, .zstd]

  /// Bytes that compress about as well as a table does.
  static func text(_ count: Int, seed: UInt64) -> [UInt8] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(ascii: "0") + UInt8(truncatingIfNeeded: state >> 60)
    }
  }

  static func unpack(
    _ bytes: [UInt8], _ coding: ContentCoding, piece: Int = .max
  ) throws -> [UInt8] {
    let decoder = try BodyDecoder(coding)
    var result: [UInt8] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      try rest.prefix(piece).withUnsafeBytes { try decoder.decode($0) { result += $0 } }
      rest = rest.dropFirst(piece)
    }
    try decoder.finish()
    return result
  }

  static func refusal(_ bytes: [UInt8], _ coding: ContentCoding, piece: Int = .max) -> Int? {
    let failure = #expect(throws: Failure.self) { try unpack(bytes, coding, piece: piece) }
    return failure?.problem.status
  }

  @Test(arguments: ContentCoding.allCases) func whatWasPackedComesBack(coding: ContentCoding) throws
  {
    for count in [0, 1, 3, 4, 5, 1_000, 65_535, 65_536, 65_537, 400_000] {
      let text = Self.text(count, seed: UInt64(count))
      let packed = Packing.pack(text, coding)
      for piece in [1, 7, 4_096, .max] {
        #expect(try Self.unpack(packed, coding, piece: piece) == text)
      }
    }
  }

  @Test(arguments: compressing)
  func streamsOneAfterTheOtherAreOneBody(coding: ContentCoding) throws {
    let packed =
      Packing.pack([1, 2, 3], coding) + Packing.pack([], coding) + Packing.pack([4], coding)
    for piece in [1, 5, .max] {
      #expect(try Self.unpack(packed, coding, piece: piece) == [1, 2, 3, 4])
    }
  }

  @Test func framesOfNothingAreSkipped() throws {
    // RFC 8878 §3.1.2: a skippable frame of three bytes.
    let skippable: [UInt8] = [0x5A, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 9, 9, 9]
    let packed = skippable + Packing.zstd([1, 2]) + skippable
    for piece in [1, 6, .max] {
      #expect(try Self.unpack(packed, .zstd, piece: piece) == [1, 2])
    }
  }

  @Test(arguments: compressing)
  func whatIsCutOffIsRefusedWhereverItIsCut(coding: ContentCoding) {
    let packed = Packing.pack(Self.text(300, seed: 1), coding)
    for count in 0..<packed.count {
      #expect(Self.refusal(Array(packed[..<count]), coding) == 400)
      #expect(Self.refusal(Array(packed[..<count]), coding, piece: 1) == 400)
    }
  }

  @Test(arguments: compressing)
  func whatFollowsTheEndIsRefused(coding: ContentCoding) {
    let packed = Packing.pack(Self.text(300, seed: 2), coding)
    for garbage: [UInt8] in [[0], [0, 0, 0, 0], Array("hello, world".utf8), [0x1F], [0x28, 0xB5]] {
      for piece in [1, 50, .max] {
        #expect(Self.refusal(packed + garbage, coding, piece: piece) == 400)
      }
    }
  }

  @Test(arguments: compressing) func aFlippedBitIsFound(coding: ContentCoding) throws {
    let text = Self.text(300, seed: 3)
    let packed = Packing.pack(text, coding)
    var found = 0
    for index in packed.indices {
      var damaged = packed
      damaged[index] ^= 0x10
      // gzip has bytes that mean nothing for the content, such as the time.
      do {
        #expect(try Self.unpack(damaged, coding) == text)
      } catch is Failure {
        found += 1
      }
    }
    #expect(found > packed.count - 12)
  }

  @Test func formatsBeforeTheStandardAreRefused() {
    for version: UInt8 in [0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x29] {
      #expect(Self.refusal([version, 0xB5, 0x2F, 0xFD, 0, 0, 0, 0, 0], .zstd) == 400)
    }
    #expect(Self.refusal(Array("plain".utf8), .zstd) == 400)
    #expect(Self.refusal(Array("plain".utf8), .gzip) == 400)
  }

  @Test func windowsBeyondEightMebibytesAreRefused() throws {
    let text = Self.text(10_000, seed: 4)
    #expect(try Self.unpack(Packing.zstd(text, windowLog: 23), .zstd) == text)
    #expect(Self.refusal(Packing.zstd(text, windowLog: 24), .zstd) == 400)
  }

  @Test func aRatioBeyondTheLimitIsRefusedEarly() throws {
    let bomb = Packing.zstd([UInt8](repeating: 0, count: 64 << 20))
    #expect(bomb.count < 64 << 10)
    let decoder = try BodyDecoder(.zstd)
    var unpacked = 0
    let failure = #expect(throws: Failure.self) {
      try bomb.withUnsafeBytes { try decoder.decode($0) { unpacked += $0.count } }
    }
    #expect(failure?.problem.status == 413)
    #expect(unpacked <= max(BodyDecoder.exemptBytes, bomb.count * BodyDecoder.maxRatio))
  }

  @Test(arguments: compressing)
  func aShortBodyMayHaveAnyRatio(coding: ContentCoding) throws {
    let zeros = [UInt8](repeating: 0, count: BodyDecoder.exemptBytes)
    #expect(try Self.unpack(Packing.pack(zeros, coding), coding) == zeros)
  }

  @Test func neverMoreThanOneBufferIsUnpackedAtATime() throws {
    let packed = Packing.gzip(Self.text(3 << 20, seed: 5))
    let decoder = try BodyDecoder(.gzip)
    var largest = 0
    try packed.withUnsafeBytes { try decoder.decode($0) { largest = max(largest, $0.count) } }
    #expect(largest == 64 << 10)
  }

  /// Damage at random, cut at random: never a crash, and the pieces make no difference.
  @Test(arguments: compressing) func piecesMakeNoDifference(coding: ContentCoding) throws {
    for seed: UInt64 in 0..<300 {
      var random = SplitMix(state: seed)
      var bytes = (0..<Int.random(in: 1...3, using: &random)).flatMap { _ in
        Packing.pack(Self.text(.random(in: 0...5_000, using: &random), seed: seed), coding)
      }
      for _ in 0..<Int.random(in: 0...2, using: &random) {
        bytes[.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
      }
      let whole = Result { try Self.unpack(bytes, coding) }
      let piece = Int.random(in: 1...200, using: &random)
      let cut = Result { try Self.unpack(bytes, coding, piece: piece) }
      switch (whole, cut) {
      case (.success(let whole), .success(let cut)): #expect(whole == cut, "seed \(seed)")
      case (.failure(let whole as Failure), .failure(let cut as Failure)):
        #expect(whole.problem.status == cut.problem.status, "seed \(seed)")
      default: Issue.record("seed \(seed): \(whole) at once, \(cut) in pieces")
      }
    }
  }
}
