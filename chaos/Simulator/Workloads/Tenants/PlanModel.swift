import CloudState

/// What workspaces may use: by the price list and not by the program's plans, until an operator defines one
/// anew. It takes over what is set, and finds out by itself what that comes to.
struct PlanModel {
  /// Rows a month and calls a day; nil means any number.
  struct Grant {
    var rows: Int64?
    var calls: Int64?
  }

  private struct Setting {
    var value: Int64?
    /// Whether an operator gave it, who may give more than the plan.
    var isGiven: Bool

    func limit(by plan: Int64?) -> Int64? {
      guard let value, !isGiven, let plan else { return value ?? plan }
      return min(value, plan)
    }
  }

  private struct Terms {
    var plan: PlanID
    var rows: Setting
    var calls: Setting
  }

  private var plans: [PlanID: Grant] = [
    .free: Grant(rows: 10_000, calls: 100),
    .professional: Grant(rows: 1_000_000, calls: 10_000),
  ]
  private var terms: [WorkspaceID: Terms] = [:]

  mutating func open(_ workspace: Workspace, by actor: Actor) {
    let settings = workspace.settings
    terms[workspace.id] = Terms(
      plan: workspace.planID,
      rows: Setting(value: settings.maxRows, isGiven: actor.isOperator),
      calls: Setting(value: settings.maxAPICalls, isGiven: actor.isOperator))
  }

  /// What is not changed by the command stays whose it was, or is gone with the plan that allowed it.
  mutating func change(_ workspace: Workspace, _ command: UpdateWorkspace, by actor: Actor) {
    terms[workspace.id]?.plan = workspace.planID
    terms[workspace.id]?.rows.value = workspace.settings.maxRows
    terms[workspace.id]?.calls.value = workspace.settings.maxAPICalls
    if command.settings.maxRows != nil { terms[workspace.id]?.rows.isGiven = actor.isOperator }
    if command.settings.maxAPICalls != nil { terms[workspace.id]?.calls.isGiven = actor.isOperator }
  }

  mutating func remove(_ id: WorkspaceID) { terms[id] = nil }

  /// - Returns: In how many workspaces more rows are set than the plan allows from now on.
  mutating func define(_ plan: Plan) -> Int {
    plans[plan.id] = Grant(rows: plan.maxRows, calls: plan.maxAPICalls)
    return terms.values.count {
      guard $0.plan == plan.id, let rows = $0.rows.value, let most = plan.maxRows else {
        return false
      }
      return rows > most
    }
  }

  func workspaces(on plan: PlanID) -> [WorkspaceID] {
    terms.filter { $0.value.plan == plan }.keys.sorted { $0.rawValue < $1.rawValue }
  }

  /// What holds at present; whatever there is no workspace for is bound by nothing.
  func limits(of id: WorkspaceID) -> Grant {
    guard let terms = terms[id] else { return Grant() }
    let plan = plans[terms.plan] ?? Grant()
    return Grant(rows: terms.rows.limit(by: plan.rows), calls: terms.calls.limit(by: plan.calls))
  }
}

extension Actor {
  fileprivate var isOperator: Bool {
    if case .operator = self { true } else { false }
  }
}
