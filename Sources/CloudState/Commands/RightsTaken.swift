extension Effect {
  /// Whether somebody may be able to do less than before. Nodes tell so only when it holds on all of them.
  /// The one exception is the oldest of ``StateLimits/sessions``, which gives way to a login: nobody took it
  /// away, and no answer says that it has ended.
  public var takesRightsAway: Bool {
    switch self {
    case .adminTokenRegistered, .sessionReused, .sessionsClosed, .passwordChanged, .roleChanged,
      .memberRemoved, .apiKeyRevoked, .apiKeyRotated, .workspaceDeleted, .signingKeysRevoked,
      .memberAdded(_, account: .claimed):
      true
    case .clusterInitialized, .userCreated, .sessionOpened, .sessionRenewed, .attemptCounted,
      .passwordHashUpgraded, .passwordResetRequested, .signingKeyRotated, .invitationMade,
      .emailVerificationRequested, .emailVerified,
      .invitationRevoked, .workspaceCreated, .workspaceUpdated, .memberAdded(_, account: .known),
      .memberAdded(_, account: .new), .apiKeyCreated,
      .keyUseNoted, .denialsNoted, .rowsReserved, .reservationSettled, .reservationReleased,
      .callsLeased,
      .callsReturned, .planDefined, .houseKept, .answerRecorded:
      false
    }
  }
}
