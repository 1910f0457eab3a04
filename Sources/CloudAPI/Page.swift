/// One page of a list. Every list of the API has this shape: `{items, next_cursor?}`.
public struct Page<Element: Codable & Sendable>: Codable, Sendable {
  /// The entries of this page, in the list's order.
  public var items: [Element]
  /// What to send as `cursor` for the page after this one; absent on the last page.
  public var nextCursor: String?

  /// A page of `items`, the last one unless a cursor is given.
  public init(items: [Element], nextCursor: String? = nil) {
    self.items = items
    self.nextCursor = nextCursor
  }

  enum CodingKeys: String, CodingKey {
    case items
    case nextCursor = "next_cursor"
  }
}

extension Page: Equatable where Element: Equatable {}
