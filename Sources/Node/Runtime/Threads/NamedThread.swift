import Foundation

extension Thread {
  /// Starts a thread that does `body` and ends. It has its name before `body` begins.
  ///
  /// - Parameters:
  ///   - name: What the system's tools show, such as `top -H`: its first 15 characters, in ASCII
  ///     (Linux refuses more: pthread_setname_np(3)).
  ///   - stackSize: In bytes.
  package static func start(
    named name: String, stackSize: Int, body: @escaping @Sendable () -> Void
  ) {
    let isStarted = DispatchSemaphore(value: 0)
    let thread = Thread {
      // On Linux a name reaches the system only once `start()` has noted which thread it made; a
      // thread that comes first would keep the name of the one that starts it.
      isStarted.wait()
      Thread.current.name = String(name.prefix(15))
      body()
    }
    thread.stackSize = stackSize
    thread.start()
    isStarted.signal()
  }
}
