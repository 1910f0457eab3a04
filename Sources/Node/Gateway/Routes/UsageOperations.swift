import CloudAPI

extension Operation {
  static let listPlans = Operation(
    "listPlans", .usage, "List the plans",
    answers: .ok(Page<Plan>.self, "All plans."))

  static let getUsage = Operation(
    "getUsage", .usage, "What a workspace has used of its plan",
    parameters: [
      .query("period", .month, "The month, in UTC; without it, this one.", example: "2026-01")
    ],
    answers: .ok(Usage.self, "What is used, and what of it is allowed."))
}
