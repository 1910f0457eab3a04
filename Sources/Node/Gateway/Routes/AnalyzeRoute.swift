import Analysis
import CloudState
import Dispatch

/// `POST /api/v1/analyze`: a dataset in, a report out.
struct AnalyzeRoute: Sendable {
  /// How long an upload may take in all.
  private static let uploadDeadline = Duration.seconds(900)

  let proposer: Proposer
  let workers: AnalysisWorkers
  let metrics: AnalysisMetrics
  let options: GatewayOptions

  var routes: [Route] {
    [
      .perform(.post, "/api/v1/analyze", .permission(.analyze, in: .query), .analyze, analyze)
    ]
  }

  private static let now: @Sendable () -> UInt64 = { DispatchTime.now().uptimeNanoseconds }

  /// What is known before a byte of the dataset is read.
  struct Admission: Sendable {
    var request: AnalysisRequest
    var allowance: RowUsage
    var clock: StateClock
  }

  private func analyze(_ call: Call) async throws -> Answer {
    try await counting {
      let workspace = try call.requireWorkspace().workspace.id
      let format = try ReportFormat(call.request)
      var request = try AnalysisRequest(call.request, maxBytes: options.maxDatasetBytes)
      if format.hasAllRows { request.options.maxFlaggedRows = .max }
      let admission = try await admit(request, of: call, to: workspace, for: .analyze)
      return try await workers.withPlace(for: workspace, by: call.caller.user?.id) {
        var call = call
        var watch = Stopwatch(Self.now)
        let datasets = try await datasets(&call, admission, of: workspace)
        return try await report(
          on: datasets, as: format, readIn: watch.lap(), call, admission, of: workspace)
      }
    }
  }

  /// Counts what comes to no good end.
  func counting(_ work: () async throws -> Answer) async throws -> Answer {
    do {
      return try await work()
    } catch {
      if error is ClientGone { metrics.abandoned.increment() } else { metrics.failed.increment() }
      throw error
    }
  }

  /// Fits a request to the plan of the workspace.
  ///
  /// - Throws: ``Failure`` for what is not part of it.
  func admit(
    _ request: AnalysisRequest, of call: Call, to workspace: WorkspaceID,
    for permission: CloudState.Permission
  ) async throws -> Admission {
    // No command asks what the plan includes, so this must know of every plan that was changed before.
    try await call.replica.readBehindBarrier { view in
      try Self.admit(
        request, to: workspace, for: permission,
        at: StateClock(call.replica.member.clock, seen: view.position.clock), in: view)
    }
  }

  private static func admit(
    _ request: AnalysisRequest, to id: WorkspaceID, for permission: CloudState.Permission,
    at clock: StateClock, in view: borrowing StateView
  ) throws -> Admission {
    var request = request
    guard let workspace = try view.workspace(id), let plan = try view.plan(workspace.planID) else {
      throw Failure.notFound("workspace")
    }
    try request.fit(to: plan, for: permission)
    return Admission(
      request: request, allowance: try usage(of: id, at: clock, in: view), clock: clock)
  }

  private static func usage(
    of id: WorkspaceID, at clock: StateClock, in view: borrowing StateView
  ) throws -> RowUsage {
    let now = clock.now
    guard let usage = try view.rowUsage(of: id, in: Month(containing: now), now: now) else {
      throw Failure.notFound("workspace")
    }
    return usage
  }

  /// Reads the dataset, and its reference if there is one.
  ///
  /// - Parameter kept: Gets the dataset's bytes.
  func datasets(
    _ call: inout Call, _ admission: Admission, of workspace: WorkspaceID,
    keptIn kept: KeptDataset? = nil
  ) async throws -> UploadedDatasets {
    let replica = call.replica
    let seed = call.seed
    let allowance = RowAllowance(usage: admission.allowance) {
      try await replica.readBehindBarrier { view in
        var usage = try Self.usage(
          of: workspace, at: StateClock(replica.member.clock, seen: view.position.clock), in: view)
        // What a repetition is told about its rows is decided.
        if try RowReservation.isKnown(from: seed, in: view) { usage.limit = nil }
        return usage
      }
    }
    let reader = try workers.reader(
      for: admission.request, allowance: allowance, isHashed: call.isRepeatable, keptIn: kept)
    await call.request.continueIfExpected()
    let request = call.request
    let datasets = try await withDeadline(Self.uploadDeadline) {
      try await reader.datasets(from: request)
    }
    if call.isRepeatable {
      call.setFingerprint(
        ofBody: reader.digest, type: admission.request.format.isForm ? UploadFormat.formType : nil)
    }
    return datasets
  }

  private func report(
    on datasets: UploadedDatasets, as format: ReportFormat, readIn reading: UInt64, _ call: Call,
    _ admission: Admission, of workspace: WorkspaceID
  ) async throws -> Answer {
    let client = ClientPresence(call.request.channel)
    var reservation = try await RowReservation(
      rows: datasets.rowCount, of: workspace, in: call.commands, at: admission.clock, proposer)
    let answer: AnalysisAnswer
    let score: Double?
    do {
      var watch = Stopwatch(Self.now)
      (answer, score) = try await workers.run(for: client) { isCancelled in
        var watch = Stopwatch(Self.now)
        var timings = AnalysisTimings(read: reading)
        let report = try Analyzer(options: admission.request.options).analyze(
          datasets.dataset, reference: datasets.reference,
          progress: { timings.add(watch.lap(), to: $0.detector) }, isCancelled: isCancelled)
        return (try AnalysisAnswer(report, timings, as: format), report.qualityScore)
      }
      metrics.duration.recordNanoseconds(watch.lap())
      // From here on it is billed.
      try client.check()
    } catch {
      await reservation.release(after: error)
      throw error
    }
    let record = try await reservation.settle(
      as: call.seed.identifier(), name: admission.request.name, qualityScore: score)
    metrics.completed.increment()
    metrics.rows.increment(by: record.rows)
    return try answer.answer(with: record)
  }
}
