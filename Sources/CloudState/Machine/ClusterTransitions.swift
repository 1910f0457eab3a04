extension Transition {
  func initializeCluster(_ command: InitializeCluster) throws -> Effect {
    try requireNodeOrOperator()
    try Rejection.requireName(command.clusterID, field: "cluster_id")
    try Rejection.requireName(command.signingKeyID, field: "signing_key_id")
    try Rejection.requireSigningKey(command.signingPrivateKey)
    guard command.secret.count == 32 else {
      throw Rejection.invalid(field: "secret", message: "must be 32 bytes")
    }
    if let identity = try connection.clusterIdentity() { return .clusterInitialized(identity) }
    try connection.run(
      "INSERT INTO cluster VALUES (1, ?, ?)", command.clusterID, command.secret)
    try connection.run(
      "INSERT INTO signing_keys VALUES (?, ?, ?, NULL)", command.signingKeyID,
      command.signingPrivateKey, now)
    return .clusterInitialized(ClusterIdentity(clusterID: command.clusterID))
  }

  func registerAdminToken(_ command: RegisterAdminToken) throws -> Effect {
    try requireNodeOrOperator()
    try Rejection.requireName(command.memberName, field: "member_name")
    try connection.run(
      """
      INSERT INTO admin_tokens VALUES (?, ?, ?, ?)
      ON CONFLICT (member_name) DO UPDATE SET
        hash = excluded.hash, registered_at = excluded.registered_at, member_id = excluded.member_id
      """, command.memberName, command.tokenHash, now, Int64(bitPattern: command.memberID))
    return .adminTokenRegistered(memberName: command.memberName)
  }
}
