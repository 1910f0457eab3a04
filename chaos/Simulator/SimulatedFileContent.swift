import Raft

/// What a file holds: once as programs see it, once as it would be found after the power failed.
///
/// Invariant: sectors that are not dirty are equal in both, unless a synchronization has failed.
final class SimulatedFileContent {
  static let sectorSize = 512

  /// How the bytes that were written and not synchronized fare when the power fails.
  enum Fate: CaseIterable {
    /// None of them reached the disk.
    case lost
    /// All of them did.
    case kept
    /// Each sector for itself.
    case scattered
    /// Those before some sector did: a torn tail.
    case torn
  }

  /// What programs see.
  private(set) var bytes: [UInt8] = []
  private var durable: [UInt8] = []
  /// What the disk held before each sector was written last. As long as `durable`.
  private var overwritten: [UInt8] = []
  private var dirty: [Bool] = []
  private var dirtyCount = 0
  private var hasForgottenSectors = false

  /// Whether programs see something else than the disk holds.
  var differsFromDisk: Bool {
    dirtyCount > 0 || hasForgottenSectors || bytes.count != durable.count
  }

  // MARK: Writing

  func write(_ source: UnsafeRawBufferPointer, at offset: Int) {
    guard !source.isEmpty else { return }
    let start = min(offset, bytes.count)
    if offset + source.count > bytes.count {
      bytes.append(contentsOf: repeatElement(0, count: offset + source.count - bytes.count))
    }
    bytes.withUnsafeMutableBytes { target in
      UnsafeMutableRawBufferPointer(rebasing: target[offset..<offset + source.count])
        .copyMemory(from: source)
    }
    markDirty(start..<offset + source.count)
  }

  func resize(to size: Int) {
    if size > bytes.count {
      let start = bytes.count
      bytes.append(contentsOf: repeatElement(0, count: size - start))
      markDirty(start..<size)
    } else if size < bytes.count {
      bytes.removeLast(bytes.count - size)
    }
  }

  private func markDirty(_ range: Range<Int>) {
    let sectors = range.lowerBound / Self.sectorSize...(range.upperBound - 1) / Self.sectorSize
    while dirty.count <= sectors.upperBound { dirty.append(false) }
    for sector in sectors where !dirty[sector] {
      dirty[sector] = true
      dirtyCount += 1
    }
  }

  // MARK: Reaching the disk

  func synchronize() {
    setDurableSize(bytes.count)
    for sector in dirty.indices where dirty[sector] { flush(sector) }
  }

  /// The system writes some sectors on its own account, as it may at any time.
  func writeBack(_ random: inout RandomSource) {
    if durable.count < bytes.count { setDurableSize(bytes.count) }
    for sector in dirty.indices where dirty[sector] && random.coin() { flush(sector) }
  }

  /// A synchronization failed. Linux then believes that there is nothing left to write: programs go on
  /// seeing what they wrote, a later synchronization succeeds, and the disk holds what it holds.
  func failSynchronization(_ random: inout RandomSource) {
    setDurableSize(bytes.count)
    for sector in dirty.indices where dirty[sector] {
      if random.coin() {
        flush(sector)
      } else {
        dirty[sector] = false
        dirtyCount -= 1
        hasForgottenSectors = true
      }
    }
  }

  /// What was not synchronized either reaches the disk after all or is forgotten, by sector; of one that was
  /// being written, if it `tears`, a part does.
  ///
  /// - Returns: how many sectors were kept, how many lost, and how many torn.
  @discardableResult
  func settle(
    _ fate: Fate, tears: Bool, _ random: inout RandomSource
  ) -> (kept: Int, lost: Int, torn: Int) {
    settleSize(fate, &random)
    let pending = dirtyCount
    var remaining = fate == .torn && pending > 0 ? random.draw(0...pending) : 0
    var torn: Int?
    if tears, pending > 0 {
      switch fate {
      case .torn: torn = remaining < pending ? remaining : nil
      case .scattered: torn = random.draw(0...pending - 1)
      case .lost, .kept: break
      }
    }
    var kept = 0
    var place = 0
    for sector in dirty.indices where dirty[sector] {
      defer { place += 1 }
      if place == torn {
        tear(sector, &random)
        continue
      }
      let survives: Bool
      switch fate {
      case .lost: survives = false
      case .kept: survives = true
      case .scattered: survives = random.coin()
      case .torn:
        survives = remaining > 0
        remaining -= 1
      }
      if survives {
        flush(sector)
        kept += 1
      } else {
        dirty[sector] = false
      }
    }
    dirtyCount = 0
    hasForgottenSectors = false
    bytes = durable
    let tornCount = torn == nil ? 0 : 1
    return (kept, pending - kept - tornCount, tornCount)
  }

  private func settleSize(_ fate: Fate, _ random: inout RandomSource) {
    switch fate {
    case .lost: break
    case .kept: setDurableSize(bytes.count)
    case .scattered, .torn:
      let sizes = min(bytes.count, durable.count)...max(bytes.count, durable.count)
      let drawn = random.draw(sizes)
      setDurableSize(random.pick([bytes.count, durable.count, drawn]))
    }
  }

  private func setDurableSize(_ size: Int) {
    if size > durable.count {
      let growth = repeatElement(0 as UInt8, count: size - durable.count)
      durable.append(contentsOf: growth)
      overwritten.append(contentsOf: growth)
    } else {
      durable.removeLast(durable.count - size)
      overwritten.removeLast(overwritten.count - size)
    }
  }

  private func flush(_ sector: Int) {
    flush(bytes(of: sector))
    dirty[sector] = false
    dirtyCount -= 1
  }

  /// The beginning of a sector reaches the disk, or its end.
  private func tear(_ sector: Int, _ random: inout RandomSource) {
    let range = bytes(of: sector)
    dirty[sector] = false
    let cut = random.draw(range.lowerBound...range.upperBound)
    flush(random.coin() ? range.lowerBound..<cut : cut..<range.upperBound)
  }

  /// Where a sector is, as far as file and disk have it.
  private func bytes(of sector: Int) -> Range<Int> {
    let start = sector * Self.sectorSize
    return start..<max(start, min(start + Self.sectorSize, bytes.count, durable.count))
  }

  private func flush(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    overwritten.replaceSubrange(range, with: durable[range])
    durable.replaceSubrange(range, with: bytes[range])
  }

  // MARK: Damage

  /// What these bytes of the disk were before they were written last.
  func overwritten(_ range: Range<Int>) -> [UInt8] { Array(overwritten[range]) }

  /// The disk changes bytes by itself, and the page cache has let go of them: programs see it at once.
  /// All that was written must have been synchronized.
  func damage(at offset: Int, with bytes: [UInt8]) {
    precondition(!differsFromDisk, "only what the disk holds can rot")
    let range = offset..<offset + bytes.count
    self.bytes.replaceSubrange(range, with: bytes)
    durable.replaceSubrange(range, with: bytes)
  }
}
