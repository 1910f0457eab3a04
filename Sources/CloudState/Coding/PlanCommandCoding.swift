extension DefinePlan {
  init(_ wire: PBPlan) {
    self.init(Plan(wire))
  }

  var wire: PBPlan { plan.wire }
}

extension Plan {
  init(_ wire: PBPlan) {
    self.init(
      id: PlanID(rawValue: wire.id), maxRows: wire.hasMaxRows ? wire.maxRows : nil,
      maxAPICalls: wire.hasMaxApiCalls ? wire.maxApiCalls : nil,
      maxUsers: wire.hasMaxUsers ? wire.maxUsers : nil,
      maxDatasets: wire.hasMaxDatasets ? wire.maxDatasets : nil,
      retentionDays: wire.retentionDays,
      monthlyPriceCents: wire.hasMonthlyPriceCents ? wire.monthlyPriceCents : nil,
      allFeatures: wire.allFeatures)
  }

  var wire: PBPlan {
    var wire = PBPlan()
    wire.id = id.rawValue
    if let maxRows { wire.maxRows = maxRows }
    if let maxAPICalls { wire.maxApiCalls = maxAPICalls }
    if let maxUsers { wire.maxUsers = maxUsers }
    if let maxDatasets { wire.maxDatasets = maxDatasets }
    wire.retentionDays = retentionDays
    if let monthlyPriceCents { wire.monthlyPriceCents = monthlyPriceCents }
    wire.allFeatures = allFeatures
    return wire
  }
}
