import Analysis
import CloudState
import Dispatch

/// `POST /api/v1/analyze`: a dataset in, a report out.
struct AnalyzeRoute: Sendable {
  /// How long an upload may take in all.
  private static let uploadDeadline = Duration.seconds(900)

  let state: StateSource
  let proposer: Proposer
  let workers: AnalysisWorkers
  let metrics: AnalysisMetrics
  let options: GatewayOptions

  var routes: [Route] {
    [
      .perform(
        .post, "/api/v1/analyze", .permission(.analyze, in: .query), body: .unread, analyze)
    ]
  }

  private func analyze(_ call: Call) async throws -> Answer {
    do {
      let workspace = try call.requireWorkspace().workspace
      let (plan, allowance) = try await state.read { view in
        let now = max(Timestamp.now(), view.position.clock)
        return (
          try view.plan(workspace.planID),
          try view.rowUsage(of: workspace.id, in: Month(containing: now), now: now)
        )
      }
      guard let plan, let allowance else { throw Failure.notFound("workspace") }
      let request = try AnalysisRequest(call.request, plan: plan, maxBytes: options.maxDatasetBytes)
      return try await workers.withPlace {
        let table = try await table(from: call.request, request.format, allowance)
        return try await report(on: table, request, call, workspace.id)
      }
    } catch {
      if error is ClientGone { metrics.abandoned.increment() } else { metrics.failed.increment() }
      throw error
    }
  }

  private func table(
    from request: APIRequest, _ format: DatasetFormat, _ allowance: RowUsage
  ) async throws -> Table {
    let reader = workers.reader(for: format, allowance: allowance)
    await request.continueIfExpected()
    return try await withDeadline(Self.uploadDeadline) {
      try await reader.table(from: request.body, declaredLength: request.contentLength)
    }
  }

  private func report(
    on table: Table, _ request: AnalysisRequest, _ call: Call, _ workspaceID: WorkspaceID
  ) async throws -> Answer {
    let client = ClientPresence(call.request.channel)
    var reservation = try await RowReservation(
      rows: table.rowCount, of: workspaceID, by: call.caller.actor, proposer)
    let start = DispatchTime.now()
    let report: Report
    do {
      report = try await workers.analyze(table, request.options, for: client)
    } catch {
      await reservation.release()
      throw error
    }
    metrics.duration.recordNanoseconds(
      DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds)
    let record = try await reservation.settle(
      as: .random(), name: request.name, qualityScore: report.qualityScore)
    metrics.completed.increment()
    metrics.rows.increment(by: record.rows)
    return try await state.run { try .json(AnalysisAnswer(record: record, report: report)) }
  }
}
