/// Joins what is linked.
enum ColumnGroups {
  /// The connected components of the links, each in ascending order, by their first members.
  static func connected(by links: [ColumnLinks.Link]) -> [[Int]] {
    var parent: [Int: Int] = [:]
    func root(_ column: Int) -> Int {
      var column = column
      while let next = parent[column], next != column {
        parent[column] = parent[next]
        column = next
      }
      return column
    }
    for link in links {
      for column in [link.first, link.second] where parent[column] == nil {
        parent[column] = column
      }
      let (first, second) = (root(link.first), root(link.second))
      parent[max(first, second)] = min(first, second)
    }
    var groups: [Int: [Int]] = [:]
    for column in parent.keys.sorted() { groups[root(column), default: []].append(column) }
    return groups.keys.sorted().map { groups[$0, default: []] }
  }
}
