import CloudAPI

extension Operation {
  static let listPlans = Operation(
    "listPlans", .usage, "List the plans",
    answers: .ok(Page<Plan>.self, "All plans."))

  static let definePlan = Operation(
    "definePlan", .usage, "Define a plan, or define one anew",
    "The body is the whole plan. Its limits hold at once for all workspaces on it; one that is lowered "
      + "below what is used stops new use and takes nothing away.",
    body: .json(DefinePlanRequest.self), answers: .ok(Plan.self, "The plan in force."))

  static let getLedger = Operation(
    "getLedger", .usage, "What was billed in a month",
    "A record for each analysis, oldest first. Records are never changed; the rows used in a month "
      + "are their sum.",
    parameters: [
      .query("period", .month, "The month, in UTC; without it, this one.", example: "2026-01")
    ],
    answers: .page(of: LedgerRecord.self, "A part of the month's records."))

  static let checkQuota = Operation(
    "checkQuota", .usage, "Ask whether so much could be used",
    "Nothing is used or set aside: whoever uses it later may find that others were first.",
    body: .json(QuotaCheckRequest.self), answers: .ok(QuotaCheck.self, "How the limit stands."))

  static let getUsage = Operation(
    "getUsage", .usage, "What a workspace has used of its plan",
    parameters: [
      .query("period", .month, "The month, in UTC; without it, this one.", example: "2026-01")
    ],
    answers: .ok(Usage.self, "What is used, and what of it is allowed."))
}
