import CloudAPI
import CloudState

extension APIRequest {
  /// How many items of a list the caller wants at most.
  var pageLimit: Int {
    get throws(Failure) {
      guard let text = query("limit") else { return 100 }
      guard let limit = Int(text), (1...1000).contains(limit) else {
        throw .invalid("limit", "must be from 1 to 1000")
      }
      return limit
    }
  }

  /// The request that asks for what follows a page.
  func link(to cursor: PageCursor) -> String {
    let rest = target.drop { $0 != "?" }.dropFirst().split(separator: "&").filter {
      !$0.hasPrefix("cursor=")
    }
    return "\(path)?" + (rest + ["cursor=\(cursor)"]).joined(separator: "&")
  }

  /// Where the caller's page begins.
  var pageCursor: PageCursor? {
    get throws(Failure) {
      guard let text = query("cursor") else { return nil }
      guard let cursor = PageCursor(text) else {
        throw .invalid("cursor", "must be the next_cursor of an earlier answer")
      }
      return cursor
    }
  }
}

extension Answer {
  /// A page of a list.
  static func page<Item, Shown: Codable & Sendable>(
    _ page: CloudState.Page<Item>, _ show: (Item) -> Shown
  ) throws -> Answer {
    try .json(
      CloudAPI.Page(items: page.items.map(show), nextCursor: page.next?.description))
  }
}
