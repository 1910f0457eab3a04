/// The models, by name.
public enum ModelKind: String, CaseIterable, Sendable {
  /// `RegisterModel`.
  case register
  /// `VersionedRegisterModel`.
  case versionedRegister = "versioned-register"
  /// `LogModel`.
  case log

  /// Judges a history against the model.
  public func judge(_ history: [ClientOperation]) throws(HistoryMisfit) -> Verdict {
    switch self {
    case .register: try LinearizabilityChecker(RegisterModel()).judge(history)
    case .versionedRegister: try LinearizabilityChecker(VersionedRegisterModel()).judge(history)
    case .log: try LinearizabilityChecker(LogModel()).judge(history)
    }
  }
}
