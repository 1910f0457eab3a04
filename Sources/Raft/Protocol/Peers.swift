/// What the leader knows of each peer, ordered by ID.
///
/// Clusters are small: looking through a few IDs takes less time than hashing one.
struct Peers {
  private(set) var ids: [MemberID] = []
  /// One for each of `ids`; only while one is being changed it may be missing.
  private var progress: [Progress?] = []

  subscript(id: MemberID) -> Progress? {
    get { ids.firstIndex(of: id).flatMap { progress[$0] } }
    // In place: a copy that is changed is a copy of all that is in flight as well.
    _modify {
      let place = ids.firstIndex { $0 >= id } ?? ids.count
      if place == ids.count || ids[place] != id {
        ids.insert(id, at: place)
        progress.insert(nil, at: place)
      }
      yield &progress[place]
      if progress[place] == nil {
        ids.remove(at: place)
        progress.remove(at: place)
      }
    }
  }

  /// Changes what is known of a peer, if it is one. What a step does with each peer goes this way: it
  /// takes neither a copy nor memory.
  @discardableResult
  mutating func update<R>(_ id: MemberID, _ change: (inout Progress) -> R) -> R? {
    guard let place = ids.firstIndex(of: id) else { return nil }
    return change(&progress[place]!)
  }

  /// Up to where the peer's log is known to be the leader's; zero for others.
  func match(of id: MemberID) -> LogIndex {
    guard let place = ids.firstIndex(of: id) else { return .zero }
    return progress[place]?.match ?? .zero
  }
}
