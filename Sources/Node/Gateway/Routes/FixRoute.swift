import Analysis
import CloudState

/// `POST /api/v1/fix`: a dataset in, the same mended out, with what was done.
///
/// It begins with an analysis, which is billed as any other; then the dataset's bytes, kept
/// meanwhile, are copied with the changes that the plan names.
struct FixRoute: Sendable {
  let analyses: AnalyzeRoute

  var routes: [Route] {
    [.perform(.post, "/api/v1/fix", .permission(.fix, in: .query), .fix, fix)]
  }

  private func fix(_ call: Call) async throws -> Answer {
    try await analyses.counting {
      let workspace = try call.requireWorkspace().workspace.id
      let fix = try FixRequest(call.request)
      let request = try AnalysisRequest(
        call.request, maxBytes: analyses.options.maxDatasetBytes)
      let admission = try await analyses.admit(request, of: call, to: workspace, for: .fix)
      return try await analyses.workers.withPlace(for: workspace, by: call.caller.user?.id) {
        var call = call
        let kept = try KeptDataset()
        let dataset = try await analyses.datasets(&call, admission, of: workspace, keptIn: kept)
          .dataset
        return try await mend(dataset, from: kept, fix, call, admission, of: workspace)
      }
    }
  }

  private func mend(
    _ table: Table, from kept: KeptDataset, _ fix: FixRequest, _ call: Call,
    _ admission: AnalyzeRoute.Admission, of workspace: WorkspaceID
  ) async throws -> Answer {
    let client = ClientPresence(call.request.channel)
    let isBare = try Self.wantsDatasetAlone(call.request, table.layout.format, fix)
    var reservation = try await RowReservation(
      rows: table.rowCount, for: .fix, of: workspace, in: call.commands, at: admission.clock,
      analyses.proposer)
    let answer: FixAnswer
    let report: Report
    do {
      (report, answer) = try await analyses.workers.run(for: client) { isCancelled in
        let fixer = Fixer(analysis: admission.request.options, options: fix.options)
        let (report, plan) = try fixer.plan(
          for: table, sha256: try kept.sha256(), isCancelled: isCancelled)
        let dataset = fix.isDryRun ? nil : try plan.applied(to: kept, isCancelled: isCancelled)
        return (report, try FixAnswer(report, plan, dataset: dataset, isBare: isBare))
      }
      // From here on it is billed.
      try client.check()
    } catch {
      await reservation.release(after: error)
      throw error
    }
    let record = try await reservation.settle(
      as: call.seed.identifier(), name: admission.request.name, qualityScore: report.qualityScore)
    analyses.metrics.completed.increment()
    analyses.metrics.rows.increment(by: record.rows)
    return try answer.answer(with: record)
  }

  /// Whether the client likes the dataset's own type better than JSON, which tells what was done, too.
  ///
  /// - Throws: ``Failure`` if it takes neither. A dry run has no dataset to answer.
  private static func wantsDatasetAlone(
    _ request: APIRequest, _ format: DatasetFormat, _ fix: FixRequest
  ) throws(Failure) -> Bool {
    let json = DatasetFormat.json.mediaType
    let types = fix.isDryRun || format == .json ? [json] : [json, format.mediaType]
    guard let type = MediaRanges(request.headers[.accept]).preferred(of: types) else {
      throw .notAcceptable("this fix can be had as \(types.joined(separator: ", "))")
    }
    return type != json
  }
}

extension FixPlan {
  /// Applies the plan to the dataset that it was made for.
  func applied(to kept: KeptDataset, isCancelled: () -> Bool) throws -> [UInt8] {
    var writer = try FixWriter(self)
    var output: [UInt8] = []
    try kept.forEachPiece { piece in
      if isCancelled() { throw AnalysisCancelled() }
      try writer.append(piece, to: &output)
    }
    try writer.finish(&output)
    return output
  }
}
