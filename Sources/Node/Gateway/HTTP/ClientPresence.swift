import NIOCore

/// Whether the connection of a request still stands. May be asked from any thread.
struct ClientPresence: Sendable {
  private let isConnected: @Sendable () -> Bool

  init(_ channel: any Channel) {
    isConnected = { channel.isActive }
  }

  init(isConnected: @escaping @Sendable () -> Bool) {
    self.isConnected = isConnected
  }

  var isGone: Bool { !isConnected() }

  /// - Throws: ``ClientGone``.
  func check() throws(ClientGone) {
    if isGone { throw ClientGone() }
  }
}
