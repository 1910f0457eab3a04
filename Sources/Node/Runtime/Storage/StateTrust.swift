import Logging
import Raft

/// Whether the files that a state machine left are what it had written.
///
/// They are a cache and never synchronized, so nobody is told when the system fails to write them; once such a
/// page is dropped from memory, it shows what stood there before. A disk that has just failed to write the log
/// is reason enough to build the state again, rather than to go on with it and make snapshots of it. Log and
/// snapshots have all that it has; to synchronize the files before each use instead would cost all the time what
/// is needed after a rare event.
///
/// The note, a file, need not outlive the machine: its end is the end of the trust as well.
struct StateTrust {
  private let path: String
  private let logger: Logger

  init(dataDirectory: String, logger: Logger) {
    path = dataDirectory + "/state-distrusted"
    self.logger = logger
  }

  var isWithdrawn: Bool { (try? PosixFileSystem().open(path, .read)) != nil }

  /// The disk has failed for this reason.
  func judge(_ fault: StorageFault) {
    guard fault.mayHaveLostWrites else { return }
    do throws(FileError) {
      try PosixFileSystem().open(path, .create).close()
    } catch {
      logger.error("It can't be noted that the state is to be built again: \(error)")
    }
  }

  /// The state was made anew, or is all there is.
  func restore() { try? PosixFileSystem().remove(path) }
}
