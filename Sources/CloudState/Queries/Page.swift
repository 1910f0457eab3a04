/// A part of a list, and where the rest begins.
public struct Page<Item: Sendable>: Sendable {
  /// In the order of the list.
  public var items: [Item]
  /// Where to go on; nothing at the end of the list.
  public var next: PageCursor?

  /// Takes up to `limit` of the items, of which one more was read to know whether there is a rest.
  init(_ items: [Item], limit: Int, cursor: (Item) -> PageCursor) {
    self.items = Array(items.prefix(limit))
    next = items.count > limit ? self.items.last.map(cursor) : nil
  }

  private init(items: [Item], next: PageCursor?) {
    self.items = items
    self.next = next
  }

  func map<Other>(_ transform: (Item) -> Other) -> Page<Other> {
    Page<Other>(items: items.map(transform), next: next)
  }
}

/// The last item seen of a list ordered by time and identifier.
public struct PageCursor: Hashable, Sendable {
  let time: Timestamp
  let id: String

  init(time: Timestamp, id: String) {
    self.time = time
    self.id = id
  }

  /// Reads the text of an earlier cursor; nothing if it is none.
  public init?(_ text: String) {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2,
      (1...15).contains(parts[0].utf8.count), parts[0].utf8.allSatisfy({ $0 &- 0x30 < 10 }),
      let milliseconds = Int64(parts[0]),
      (1...80).contains(parts[1].utf8.count),
      parts[1].utf8.allSatisfy({ isASCIIAlphanumeric($0) || $0 == UInt8(ascii: "_") })
    else { return nil }
    time = Timestamp(milliseconds: milliseconds)
    id = String(parts[1])
  }
}

extension PageCursor: CustomStringConvertible {
  /// The text to hand out; safe in a URL.
  public var description: String { "\(time.milliseconds).\(id)" }
}
