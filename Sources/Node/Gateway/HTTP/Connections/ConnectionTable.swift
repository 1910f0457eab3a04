import Synchronization

/// The connections of a node, and who gives way when there are too many.
///
/// A connection *waits* while no request of it is worked on: from its beginning, and from each answer, to the
/// end of the next request's head. At a limit the one that has waited for longest is closed, and the new one
/// has its place; clients know that a connection may end between requests (RFC 9112 §9.5). So whoever keeps
/// connections open and says nothing, or too slowly, keeps nobody out. Where none waits, the new one gets one
/// of few further places, on which only the node's health is told.
///
/// Invariants: `open.count <= limits.total + limits.reserved`, and a connection stands in lines exactly
/// while it waits.
final class ConnectionTable: Sendable {
  typealias ID = UInt64

  /// What a connection may be used for.
  enum Use: Hashable, Sendable {
    case anything
    /// Only to ask how the node is, and once.
    case health
  }

  /// How things stand.
  struct Count: Hashable, Sendable {
    var open = 0
    var openForHealth = 0
    /// Connections that were closed for others, ever.
    var gaveWay = 0
    /// Connections that found no place at all, ever.
    var refused = 0
  }

  fileprivate struct Entry {
    var client: ClientAddress
    var use: Use
    let close: @Sendable () -> Void
  }

  /// The connections of one client.
  fileprivate struct Client {
    var open = 0
    var line = WaitingLine<ID>()
  }

  fileprivate struct State {
    var nextID: ID = 0
    var open: [ID: Entry] = [:]
    var clients: [ClientAddress: Client] = [:]
    /// Those for anything, and those for health.
    var line = WaitingLine<ID>()
    var healthLine = WaitingLine<ID>()
    var count = Count()
  }

  private let limits: ConnectionLimits
  private let isProxy: @Sendable (IPAddress) -> Bool
  private let state = Mutex(State())

  /// - Parameter proxies: Who speaks for many clients.
  init(_ limits: ConnectionLimits, proxies: [AddressRange] = []) {
    self.limits = limits
    isProxy = { address in proxies.contains { $0.contains(address) } }
  }

  var count: Count { state.withLock { $0.count } }

  /// Adds a connection, which waits.
  ///
  /// - Parameter close: Closes it, from any thread; it has left the table then.
  /// - Returns: Nothing if there is no place for it.
  func add(
    from address: IPAddress?, close: @escaping @Sendable () -> Void
  ) -> (id: ID, use: Use)? {
    let client = ClientAddress(ip: address).network
    let isLimited = !(address.map(isProxy) ?? false)
    let (added, ousted) = state.withLock { state -> ((ID, Use)?, Entry?) in
      var ousted: Entry?
      var use = Use.anything
      let own = state.clients[client]
      if isLimited, own?.open ?? 0 >= limits.perClient {
        ousted = state.oust(own?.line.first)
        if ousted == nil { use = .health }
      } else if state.count.open >= limits.total {
        ousted = state.oust(state.line.first)
        if ousted == nil { use = .health }
      }
      if use == .health, state.count.openForHealth >= limits.reserved {
        ousted = state.oust(state.healthLine.first)
        guard ousted != nil else {
          state.count.refused += 1
          return (nil, nil)
        }
      }
      let entry = Entry(client: client, use: use, close: close)
      return ((state.insert(entry), use), ousted)
    }
    // Outside the lock, since it may answer at once.
    ousted?.close()
    return added
  }

  /// A request's head has come.
  ///
  /// - Returns: Whether it may be worked on: false if the connection had to give way.
  func begins(_ id: ID) -> Bool {
    state.withLock { state in
      guard let entry = state.open[id] else { return false }
      state.stopWaiting(id, entry)
      return true
    }
  }

  /// All requests of the connection have been answered.
  func waits(_ id: ID) {
    state.withLock { state in
      guard let entry = state.open[id], !state.isWaiting(id, entry) else { return }
      state.startWaiting(id, entry)
    }
  }

  /// The connection is closed.
  func remove(_ id: ID) {
    state.withLock { state in _ = state.remove(id) }
  }
}

extension ConnectionTable.State {
  fileprivate mutating func insert(_ entry: ConnectionTable.Entry) -> ConnectionTable.ID {
    nextID += 1
    open[nextID] = entry
    switch entry.use {
    case .anything:
      count.open += 1
      clients[entry.client, default: .init()].open += 1
    case .health:
      count.openForHealth += 1
    }
    startWaiting(nextID, entry)
    return nextID
  }

  fileprivate mutating func remove(_ id: ConnectionTable.ID) -> ConnectionTable.Entry? {
    guard let entry = open.removeValue(forKey: id) else { return nil }
    stopWaiting(id, entry)
    switch entry.use {
    case .anything:
      count.open -= 1
      clients[entry.client]?.open -= 1
      // Clients without a connection are not kept: there may be any number of them.
      if clients[entry.client]?.open == 0 { clients[entry.client] = nil }
    case .health:
      count.openForHealth -= 1
    }
    return entry
  }

  /// Takes the place of one that waits.
  fileprivate mutating func oust(_ id: ConnectionTable.ID?) -> ConnectionTable.Entry? {
    guard let id else { return nil }
    count.gaveWay += 1
    return remove(id)
  }

  fileprivate func isWaiting(_ id: ConnectionTable.ID, _ entry: ConnectionTable.Entry) -> Bool {
    switch entry.use {
    case .anything: line.contains(id)
    case .health: healthLine.contains(id)
    }
  }

  fileprivate mutating func startWaiting(_ id: ConnectionTable.ID, _ entry: ConnectionTable.Entry) {
    switch entry.use {
    case .anything:
      line.append(id)
      clients[entry.client]?.line.append(id)
    case .health:
      healthLine.append(id)
    }
  }

  fileprivate mutating func stopWaiting(_ id: ConnectionTable.ID, _ entry: ConnectionTable.Entry) {
    switch entry.use {
    case .anything:
      line.remove(id)
      clients[entry.client]?.line.remove(id)
    case .health:
      healthLine.remove(id)
    }
  }
}
