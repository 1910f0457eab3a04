/// Defines a plan, or defines one anew. By an operator.
///
/// Limits hold at once for all workspaces on the plan, whatever their tenants have set: one that is lowered
/// below what is used stops new use and takes nothing away.
public struct DefinePlan: Hashable, Sendable {
  /// The plan, whole.
  public var plan: Plan

  /// Proposes a plan.
  public init(_ plan: Plan) {
    self.plan = plan
  }
}

extension DefinePlan: TypedCommand {
  /// See ``TypedCommand/command``.
  public var command: Command { .definePlan(self) }
  /// The plan in force.
  public static func success(of effect: Effect) -> Plan? {
    if case .planDefined(let plan) = effect { plan } else { nil }
  }
}
