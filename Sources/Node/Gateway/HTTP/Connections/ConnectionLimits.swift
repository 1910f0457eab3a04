/// How many connections a node has at most.
public struct ConnectionLimits: Hashable, Sendable {
  /// In all.
  public var total: Int
  /// Of one client: an IPv4 address, or an IPv6 network of 64 bits. Trusted proxies speak for many, and
  /// have no such limit.
  public var perClient: Int
  /// Further ones, on which only the node's health is told.
  public let reserved: Int

  /// - Parameters:
  ///   - total: At least 1.
  ///   - perClient: At least 1; a quarter of all if nothing is said.
  public init(total: Int = 4_096, perClient: Int? = nil) {
    precondition(total >= 1 && perClient ?? 1 >= 1, "a limit lets somebody in")
    self.total = total
    self.perClient = perClient ?? max(1, total / 4)
    reserved = Self.reserved(besides: total)
  }

  /// So many that a few clients in bad faith do not keep probes out, and few beside the others.
  private static func reserved(besides total: Int) -> Int { max(8, total / 16) }

  /// The limits of a process that can have so many connections open at a time; at least one.
  public static func total(within sockets: Int) -> Int {
    max(1, min(sockets - 8, sockets / 17 * 16))
  }
}
