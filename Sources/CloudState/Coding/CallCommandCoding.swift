extension LeaseCalls {
  init(_ wire: PBLeaseCalls) {
    self.init(
      id: CallLeaseID(rawValue: wire.id), workspaceID: WorkspaceID(rawValue: wire.workspaceID),
      holder: wire.holder, wanted: wire.wanted, milliseconds: wire.milliseconds)
  }

  var wire: PBLeaseCalls {
    var wire = PBLeaseCalls()
    wire.id = id.rawValue
    wire.workspaceID = workspaceID.rawValue
    wire.holder = holder
    wire.wanted = wanted
    wire.milliseconds = milliseconds
    return wire
  }
}

extension ReturnCalls {
  init(_ wire: PBReturnCalls) {
    self.init(
      wire.returns.map { CallReturn(id: CallLeaseID(rawValue: $0.id), spent: $0.spent) })
  }

  var wire: PBReturnCalls {
    var wire = PBReturnCalls()
    wire.returns = returns.map { item in
      var wire = PBReturnCalls.Item()
      wire.id = item.id.rawValue
      wire.spent = item.spent
      return wire
    }
    return wire
  }
}

extension CallGrant {
  init(_ wire: PBCallGrant) {
    self.init(
      lease: CallLease(
        id: CallLeaseID(rawValue: wire.id), workspaceID: WorkspaceID(rawValue: wire.workspaceID),
        day: Day(ordinal: wire.day), holder: wire.holder, calls: wire.calls,
        expiresAt: Timestamp(milliseconds: wire.expiresAtMs)),
      limit: wire.hasLimit ? wire.limit : nil, used: wire.used)
  }

  var wire: PBCallGrant {
    var wire = PBCallGrant()
    wire.id = lease.id.rawValue
    wire.workspaceID = lease.workspaceID.rawValue
    wire.day = lease.day.ordinal
    wire.holder = lease.holder
    wire.calls = lease.calls
    wire.expiresAtMs = lease.expiresAt.milliseconds
    if let limit { wire.limit = limit }
    wire.used = used
    return wire
  }
}
