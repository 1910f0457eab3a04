import Dispatch
import Foundation
import Logging
import ServiceLifecycle
import Synchronization

/// Ends the process when its parts take too long to stop, whatever keeps them: a disk that doesn't
/// answer, a peer that doesn't read. Nothing acknowledged can be lost by that, the log is durable.
///
/// A thread of its own counts, since the tasks' threads may be what hangs.
final class ShutdownLimit: Service {
  private let limit: Duration
  private let logger: Logger
  private let endings = Mutex(Endings())

  private struct Endings {
    var hasBegun = false
    var hasFailure = false
    var hasCut = false
  }

  init(_ limit: Duration, logger: Logger) {
    self.limit = limit
    self.logger = logger
  }

  /// Whether a part of the node was cancelled: it had not stopped in time.
  var hasCut: Bool { endings.withLock { $0.hasCut } }

  /// Begins to count when the shutdown begins. The process is expected to end before the limit.
  func run() async {
    // The signals are heard here too: where all of the tasks' threads hang, no shutdown begins.
    let queue = DispatchQueue(label: "clean-shutdown-limit")
    let sources = [SIGTERM, SIGINT].map { signal in
      let source = DispatchSource.makeSignalSource(signal: signal, queue: queue)
      source.setEventHandler { [self] in begin() }
      source.resume()
      return source
    }
    defer { for source in sources { source.cancel() } }
    if (try? await gracefulShutdown()) != nil { begin() }
  }

  private func begin() {
    let isFirst = endings.withLock { endings in
      defer { endings.hasBegun = true }
      return !endings.hasBegun
    }
    guard isFirst else { return }
    let seconds = limit / .seconds(1)
    Thread.detachNewThread { [self] in
      Thread.sleep(forTimeInterval: seconds)
      let code: Int32 = endings.withLock { $0.hasFailure } ? 1 : 0
      // The line gets a moment and a thread of its own: whoever reads the log may hang too.
      Thread.detachNewThread { [self] in
        logger.warning("still stopping after \(limit); ending the process, whose log is durable")
      }
      Thread.sleep(forTimeInterval: 0.2)
      _exit(code)
    }
  }

  /// A part of the node; if its failure is what stops the node, that is no orderly end.
  func watching(_ part: any Service) -> any Service { Part(service: part, limit: self) }

  private struct Part: Service, CustomStringConvertible {
    let service: any Service
    let limit: ShutdownLimit

    var description: String { "\(service)" }

    func run() async throws {
      defer {
        if Task.isCancelled { limit.endings.withLock { $0.hasCut = true } }
      }
      do {
        try await service.run()
      } catch {
        if !(error is CancellationError) { limit.endings.withLock { $0.hasFailure = true } }
        throw error
      }
    }
  }
}
