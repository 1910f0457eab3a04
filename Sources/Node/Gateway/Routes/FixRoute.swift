import Analysis
import CloudState

/// `POST /api/v1/fix`: a dataset in, the same mended out, with what was done.
///
/// It begins with an analysis, which is billed as any other, or with the log of an earlier fix. Then the dataset's
/// bytes, kept meanwhile, are copied with the changes that the plan names.
struct FixRoute: Sendable {
  let analyses: AnalyzeRoute

  var routes: [Route] {
    [.perform(.post, "/api/v1/fix", .permission(.fix, in: .query), .fix, fix)]
  }

  private func fix(_ call: Call) async throws -> Answer {
    try await analyses.counting {
      let workspace = try call.requireWorkspace().workspace.id
      let fix = try FixRequest(call.request)
      var request = try AnalysisRequest(
        call.request, maxBytes: analyses.options.maxDatasetBytes)
      request.takesLog = true
      let admission = try await analyses.admit(request, of: call, to: workspace, for: .fix)
      return try await analyses.workers.withPlace(for: workspace, by: call.caller.user?.id) {
        var call = call
        let kept = try KeptDataset()
        let upload = Handover(
          try await analyses.datasets(&call, admission, of: workspace, keptIn: kept))
        let (layout, rows, hasLog) = upload.look {
          ($0.dataset.layout, $0.rowCount, $0.log != nil)
        }
        if hasLog { try fix.requireNoDecisions() }
        let form = try FixAnswer.Form(
          call.request.headers[.accept], for: layout, isDryRun: fix.isDryRun)
        return try await mend(
          upload, of: rows, from: kept, fix, as: form, call, admission, in: workspace)
      }
    }
  }

  private func mend(
    _ upload: Handover<UploadedDatasets>, of rows: Int, from kept: KeptDataset, _ fix: FixRequest,
    as form: FixAnswer.Form, _ call: Call, _ admission: AnalyzeRoute.Admission,
    in workspace: WorkspaceID
  ) async throws -> Answer {
    let client = ClientPresence(call.request.channel)
    var reservation = try await RowReservation(
      rows: rows, for: .fix, of: workspace, in: call.commands, at: admission.clock,
      analyses.proposer)
    let answer: FixAnswer
    let score: Double?
    do {
      (answer, score) = try await analyses.workers.run(for: client) { isCancelled in
        let mended = try Mending(
          request: admission.request, fix: fix, kept: kept, isCancelled: isCancelled
        ).run(upload.take())
        return (try FixAnswer(mended, as: form), mended.before?.qualityScore)
      }
      // From here on it is billed.
      try client.check()
    } catch {
      await reservation.release(after: error)
      throw error
    }
    let record = try await reservation.settle(
      as: call.seed.identifier(), name: admission.request.name, qualityScore: score)
    analyses.metrics.completed.increment()
    analyses.metrics.rows.increment(by: record.rows)
    return try answer.answer(with: record)
  }
}
