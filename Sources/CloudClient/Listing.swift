import CloudAPI

/// A list of the API. Nothing is fetched before it is walked over, and then page by page.
///
/// ```swift
/// for try await key in client.apiKeys() { print(key.name) }
/// let firstTen = try await client.apiKeys().page(limit: 10)
/// ```
public struct Listing<Element: Codable & Sendable>: AsyncSequence, Sendable {
  /// The most that the service puts on a page.
  private static var largestPage: Int { 1000 }

  let client: CloudClient
  let path: String
  let query: Call.Query

  init(_ client: CloudClient, _ path: String, _ query: Call.Query = []) {
    self.client = client
    self.path = path
    self.query = query
  }

  /// One page: the first, or the one after an earlier page's `nextCursor`.
  ///
  /// - Parameter limit: How many entries at most, up to 1,000; without it, 100.
  public func page(
    limit: Int? = nil, after cursor: String? = nil
  ) async throws(CloudError) -> Page<Element> {
    try await answer(limit: limit, after: cursor).decoded(as: Page<Element>.self)
  }

  /// All entries, in memory.
  public func all() async throws(CloudError) -> [Element] {
    var elements: [Element] = []
    for try await element in self { elements.append(element) }
    return elements
  }

  /// Walks over the list from its beginning.
  public func makeAsyncIterator() -> Iterator { Iterator(listing: self) }

  fileprivate func answer(limit: Int?, after cursor: String?) async throws(CloudError) -> Answer {
    try await client.fetch(
      path,
      query + client.named("limit", limit.map(String.init)) + client.named("cursor", cursor))
  }

  /// A walk over a list. What is added or removed meanwhile may or may not be met.
  public struct Iterator: AsyncIteratorProtocol {
    let listing: Listing
    private var fetched: ArraySlice<Element> = []
    private var cursor: String?
    private var visited: Set<String> = []
    private var isAtEnd = false

    init(listing: Listing) {
      self.listing = listing
    }

    /// The next entry, or nil at the end.
    public mutating func next(
      isolation actor: isolated (any Actor)? = #isolation
    ) async throws(CloudError) -> Element? {
      while fetched.isEmpty, !isAtEnd {
        let answer = try await listing.answer(limit: Listing.largestPage, after: cursor)
        let page = try answer.decoded(as: Page<Element>.self)
        fetched = page.items[...]
        cursor = page.nextCursor
        isAtEnd = cursor == nil
        if let cursor, !visited.insert(cursor).inserted {
          throw answer.invalid("its list leads in a circle")
        }
      }
      return fetched.popFirst()
    }
  }
}
