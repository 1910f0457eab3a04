/// The threads of a running member, from start to end.
struct MemberThreads {
  private let engine: Engine
  private let consensus: WorkerThread
  private let log: WorkerThread
  private let applier: WorkerThread
  private let snapshots: WorkerThread

  init(engine: Engine, transport: PeerTransport, directory: DataDirectory) {
    self.engine = engine
    log = WorkerThread("clean-log") {
      guard let store = directory.log.take() else { return }
      var thread = LogThread(engine: engine, store: store)
      thread.run()
    }
    applier = WorkerThread("clean-apply") {
      var thread = ApplierThread(
        engine: engine, stateMachine: directory.stateMachine, opening: directory.stateOpening)
      thread.run()
    }
    snapshots = WorkerThread("clean-snapshot") {
      guard let store = directory.snapshots.take() else { return }
      var thread = SnapshotThread(
        engine: engine, store: store, stateDirectory: directory.stateOpening.directory)
      thread.run()
    }
    consensus = WorkerThread("clean-consensus") {
      let founding = FoundingThread(engine: engine, transport: transport)
      guard let charter = engine.membership.charter ?? founding.run() else { return }
      var thread = ConsensusThread(
        engine: engine, transport: transport, directory: directory,
        initial: charter.configuration)
      thread.run()
    }
  }

  /// Ends the threads, those first that give work to others; each finishes what it was given.
  func stop() async {
    engine.inbox.close()
    await consensus.finished()
    engine.calls.close()
    engine.changes.close()
    engine.board.close()
    // What was decided is still written. What became durable after the consensus thread's end is
    // acknowledged to nobody, which is allowed.
    engine.logJobs.close()
    await log.finished()
    engine.snapshotJobs.close()
    await snapshots.finished()
    engine.applierJobs.close()
    await applier.finished()
  }
}
